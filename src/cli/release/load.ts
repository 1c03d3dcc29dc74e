/** Bundles by their id, checked against it, compiled, and the last few kept: what classes are computed from. */

import type { RuleFile } from '../../mask/language/index.ts'
import { diffRules, type RulesDiff, type Side } from '../../mask/proof/diff.ts'
import type { BundleStore, StoredBundle } from '../../ports/bundle-store.ts'
import { bundleId } from '../../release/bundle.ts'
import { type ReleaseCode, ReleaseError } from '../../release/codes.ts'
import type { BundleFile, BundleRef, ChangeClass } from '../../release/model.ts'
import { type CompiledFolder, compileFolder } from '../rules/compile-folder.ts'
import { sideOf } from '../rules/open-bundle.ts'
import { readerOf, ruleFilesOf } from './bundle-files.ts'
import type { Compiled } from './gate.ts'

export interface Loaded extends BundleRef {
  readonly files: readonly BundleFile[]
  readonly compiled: Compiled
  readonly side: Side
}

/** An approved bundle that cannot be had: nothing is wrong with the approval. */
export class BundleLoadError extends Error {
  override readonly name = 'BundleLoadError'
  readonly code: ReleaseCode
  constructor(code: ReleaseCode) {
    super(code)
    this.code = code
  }
}

const KEPT = 4

export type Compile = (files: readonly RuleFile[]) => Promise<CompiledFolder>

const compileNow: Compile = async (files) => compileFolder(files)

export class BundleLoader {
  readonly #fetch: (id: string) => Promise<Pick<StoredBundle, 'files'> | null>
  readonly #compile: Compile
  readonly #kept = new Map<string, Promise<Loaded>>()

  constructor(store: Pick<BundleStore, 'bundle'>, compile: Compile = compileNow) {
    this.#fetch = (id) => store.bundle(id)
    this.#compile = compile
  }

  /** Puts in what is already at hand, so that it need not be fetched. */
  keep(loaded: Loaded): void {
    this.#kept.set(loaded.id, Promise.resolve(loaded))
  }

  /** Rejects with BundleLoadError BUNDLE_UNKNOWN, BUNDLE_ALTERED, BUNDLE_BROKEN; with BundleStoreError. */
  load(ref: BundleRef): Promise<Loaded> {
    const known = this.#kept.get(ref.id)
    const loading = known ?? this.#load(ref)
    this.#kept.delete(ref.id)
    this.#kept.set(ref.id, loading)
    for (const id of [...this.#kept.keys()].slice(0, -KEPT)) this.#kept.delete(id)
    loading.catch(() => this.#kept.get(ref.id) === loading && this.#kept.delete(ref.id))
    return loading.then((loaded) => {
      if (loaded.hash !== ref.hash) throw new BundleLoadError('BUNDLE_ALTERED')
      return loaded
    })
  }

  /** What a change does to protection; before anything is in force everything is looser. */
  async diff(parent: BundleRef | null, next: BundleRef): Promise<RulesDiff | null> {
    const after = await this.load(next)
    return parent === null ? null : diffRules((await this.load(parent)).side, after.side)
  }

  async classOf(parent: BundleRef | null, next: BundleRef): Promise<ChangeClass> {
    return (await this.diff(parent, next))?.class ?? 'looser'
  }

  async #load({ id }: BundleRef): Promise<Loaded> {
    const stored = await this.#fetch(id)
    if (stored === null) throw new BundleLoadError('BUNDLE_UNKNOWN')
    return openFiles(id, stored.files, this.#compile)
  }
}

/** Compiles files that must have this id. Rejects with BundleLoadError. */
export async function openFiles(
  id: string,
  files: readonly BundleFile[],
  compile: Compile = compileNow,
): Promise<Loaded> {
  if (idOf(files) !== id) throw new BundleLoadError('BUNDLE_ALTERED')
  const { compiled } = await compile(ruleFilesOf(files))
  if (compiled === null) throw new BundleLoadError('BUNDLE_BROKEN')
  return { id, hash: compiled.hash, files, compiled, side: await sideOf(compiled, readerOf(files)) }
}

function idOf(files: readonly BundleFile[]): string | null {
  try {
    return bundleId(files)
  } catch (error) {
    if (error instanceof ReleaseError) return null
    throw error
  }
}
