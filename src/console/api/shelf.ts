/** The rules behind a {ref}: the active bundle, a draft, a submitted bundle; compiled once for each content. */
import { createHash } from 'node:crypto'
import type { DraftFile, DraftHead } from '../../ports/workshop.ts'
import type { BundleFile } from '../../release/model.ts'
import { Refusal } from './failure.ts'
import type { Compilation, ConsoleOptions } from './options.ts'

export interface Shelved {
  readonly ref: string
  readonly files: readonly BundleFile[]
  /** what a draft was copied from; null for bundles */
  readonly base: readonly BundleFile[] | null
  readonly draft: DraftHead | null
}

/** A text that is not saved, laid over a file. */
export interface Laid {
  readonly path: string
  readonly text: string
}

const KEPT = 6

export class Shelf {
  readonly #o: Pick<ConsoleOptions, 'desk' | 'workshop' | 'tools'>
  readonly #compiled = new Map<string, Promise<Compilation>>()

  constructor(options: Pick<ConsoleOptions, 'desk' | 'workshop' | 'tools'>) {
    this.#o = options
  }

  /** Throws Refusal NOT_FOUND, NO_ACTIVE_RULES. */
  async get(ref: string): Promise<Shelved> {
    if (ref === 'active') return { ref, files: await this.active(), base: null, draft: null }
    if (ref.startsWith('sha256:')) {
      const bundle = await this.#o.desk.bundle(ref)
      if (bundle === null) throw new Refusal('NOT_FOUND')
      return { ref, files: bundle.files, base: null, draft: null }
    }
    const draft = this.#o.workshop.draft(ref)
    if (draft === null) throw new Refusal('NOT_FOUND')
    const rows = this.#o.workshop.draftFiles(ref)
    return { ref, files: filesOf(rows, 'text'), base: filesOf(rows, 'base'), draft }
  }

  /** Files of the bundle in force. Throws Refusal NO_ACTIVE_RULES. */
  async active(): Promise<readonly BundleFile[]> {
    const { active } = await this.#o.desk.state()
    const bundle = active === null ? null : await this.#o.desk.bundle(active.id)
    if (bundle === null) throw new Refusal('NO_ACTIVE_RULES')
    return bundle.files
  }

  /** The same files are compiled once; who comes meanwhile waits for it. */
  compile(files: readonly BundleFile[]): Promise<Compilation> {
    const key = digestOf(JSON.stringify(files.map(({ path, text, encoding }) => [path, text, encoding])))
    let compiling = this.#compiled.get(key)
    if (compiling === undefined) {
      compiling = this.#o.tools.compile(files)
      compiling.catch(() => this.#compiled.delete(key))
    }
    this.#compiled.delete(key)
    this.#compiled.set(key, compiling)
    for (const old of [...this.#compiled.keys()].slice(0, -KEPT)) this.#compiled.delete(old)
    return compiling
  }
}

export const filesOf = (rows: readonly DraftFile[], which: 'text' | 'base'): BundleFile[] =>
  rows.flatMap(({ path, encoding, ...row }) => (row[which] === null ? [] : [{ path, text: row[which], encoding }]))

export function lay(files: readonly BundleFile[], laid: readonly Laid[]): readonly BundleFile[] {
  if (laid.length === 0) return files
  const over = new Map(laid.map(({ path, text }) => [path, { path, text, encoding: 'utf8' as const }]))
  for (const path of over.keys()) checkPath(path)
  return [...files.filter(({ path }) => !over.has(path)), ...over.values()]
}

const RULE_PATH = /^(?:[^/.][^/]*\/){0,3}[^/.][^/]*\.(?:ya?ml|csv)$/

/** Only rules are edited as text: samples have a door of their own. Throws Refusal PATH_INVALID. */
export function checkPath(path: string): void {
  if (!RULE_PATH.test(path)) throw new Refusal('PATH_INVALID')
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What If-Match compares: strong, of the content. */
export const etagOf = (text: string): string => `"${digestOf(text).slice(0, 32)}"`
