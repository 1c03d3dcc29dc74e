/** The built application, held in memory: only what was built can be asked for, whatever a path says. */
import { gzipSync } from 'node:zlib'
import type { Response } from 'express'

export interface Page {
  readonly type: string
  readonly bytes: Buffer
  /** its name holds a digest of its content */
  readonly immutable: boolean
}

/** by path from the root, `/` for the first page */
export type Pages = ReadonlyMap<string, Page>

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  webmanifest: 'application/manifest+json',
  txt: 'text/plain; charset=utf-8',
}

/** Pages of files by path relative to the built folder, with `/`. Files of other kinds are left out. */
export function pagesOf(files: readonly { readonly path: string; readonly bytes: Buffer }[]): Pages {
  const pages = new Map<string, Page>()
  for (const { path, bytes } of files) {
    const type = TYPES[path.slice(path.lastIndexOf('.') + 1)]
    if (type === undefined) continue
    const immutable = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(path)
    pages.set(path === 'index.html' ? '/' : `/${path}`, { type, bytes, immutable })
  }
  return pages
}

const PACKED: ReadonlySet<string> = new Set(['html', 'js', 'css', 'svg'].map((ending) => TYPES[ending]!))
const packs = new WeakMap<Page, Buffer>()

/** Packed once, when it is first asked for. What is packed is public: nothing of a session stands beside it. */
function packed(page: Page): Buffer {
  let bytes = packs.get(page)
  if (bytes === undefined) packs.set(page, (bytes = gzipSync(page.bytes, { level: 9 })))
  return bytes
}

export function sendPage(response: Response, page: Page, accepted: string | undefined): void {
  const { type, bytes, immutable } = page
  response.set('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  response.type(type)
  if (!PACKED.has(type)) return void response.send(bytes)
  response.set('vary', 'accept-encoding')
  if (!takesGzip(accepted)) return void response.send(bytes)
  response.set('content-encoding', 'gzip').send(packed(page))
}

/** RFC 9110 12.5.3, as far as gzip goes. */
function takesGzip(accepted = ''): boolean {
  const weights = new Map(
    accepted.split(',').map((each) => {
      const [name = '', weight = ''] = each.toLowerCase().split(';')
      return [name.trim(), Number(/^\s*q=([\d.]+)\s*$/.exec(weight)?.[1] ?? 1)] as const
    }),
  )
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0
}
