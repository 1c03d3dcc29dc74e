/** The built application, held in memory: only what was built can be asked for, whatever a path says. */
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

export function sendPage(response: Response, { type, bytes, immutable }: Page): void {
  response.set('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  response.type(type).send(bytes)
}
