/**
 * The release desk of a deployment whose rules lie in a folder: git is the truth there, so everything is read and compared
 * as ever, and nothing is released from here.
 */

import { Refusal } from '../../console/api/failure.ts'
import type { RuleTools } from '../../console/api/options.ts'
import type { BundleView, Draft, ReleaseDesk, ReleaseState, Submitted } from '../../ports/release.ts'
import { type Roster, rosterHash } from '../../release/approvers.ts'
import { bundleId } from '../../release/bundle.ts'
import type { BundleFile, BundleRef } from '../../release/model.ts'
import { peopleFor } from '../../release/quorum.ts'
import { bundleFilesOf, ruleFilesOf } from '../release/bundle-files.ts'
import { gate } from '../release/gate.ts'
import { compileFolder } from '../rules/compile-folder.ts'

export interface FolderDeskOptions {
  readonly folder: string
  readonly approval: 'required' | 'off'
  readonly roster: Roster
  readonly tools: Pick<RuleTools, 'diff'>
  /** YYYY-MM-DD in the configured zone */
  readonly today: () => string
  /** milliseconds since 1970 */
  readonly now: () => number
}

interface Found {
  readonly ref: BundleRef | null
  readonly files: readonly BundleFile[]
}

/** the folder is read again after this long */
const FRESH_MS = 1000

export class FolderDesk implements ReleaseDesk {
  readonly #o: FolderDeskOptions
  #found: Promise<Found> | null = null
  #at = 0

  constructor(options: FolderDeskOptions) {
    this.#o = options
  }

  async state(): Promise<ReleaseState> {
    const { approval, roster } = this.#o
    const { ref } = await this.#read()
    return {
      source: 'folder',
      approval,
      active: ref,
      roster,
      rosterHash: rosterHash(roster),
      unproved: new Map(),
      alarm: null,
      shadow: null,
    }
  }

  async examine({ files, basedOn }: Draft): Promise<Submitted> {
    const { compiled, refused, problems, tests } = await gate(files, this.#o.today())
    const nothing = { bundle: null, problems, tests, class: 'looser', changes: [], needs: 2 } as const
    if (compiled === null || refused !== null) return { ...nothing, refused: refused ?? 'GATE_PROBLEMS' }
    const active = await this.#read()
    if (basedOn !== undefined && basedOn !== (active.ref?.hash ?? null))
      return { ...nothing, refused: 'PARENT_CHANGED' }
    const diff = await this.#o.tools.diff(active.files, files)
    const change = diff?.class ?? 'looser'
    const changes = (diff?.changes ?? []).map((c) => ({ class: c.class, what: c.what, ...c.message }))
    const bundle = { id: bundleId(files), hash: compiled.hash }
    return { bundle, refused: null, problems, tests, class: change, changes, needs: peopleFor(change) }
  }

  async bundles(): Promise<readonly BundleView[]> {
    const view = await this.#view()
    return view === null ? [] : [view]
  }

  async bundle(id: string): Promise<(BundleView & { readonly files: readonly BundleFile[] }) | null> {
    const view = await this.#view()
    if (view === null || (view.id !== id && view.hash !== id)) return null
    return { ...view, files: (await this.#read()).files }
  }

  submit = elsewhere
  prepare = elsewhere
  approve = elsewhere
  activate = elsewhere
  drop = elsewhere
  stopShadow = elsewhere
  history = async (): Promise<[]> => []
  attestations = async (): Promise<[]> => []
  close = async (): Promise<void> => {}

  async #view(): Promise<BundleView | null> {
    const { ref } = await this.#read()
    if (ref === null) return null
    const at = new Date(this.#at).toISOString()
    const submission = {
      author: '-',
      at,
      why: '',
      parent: null,
      class: 'same',
      tests: { passed: 0, failed: 0 },
    } as const
    return { ...ref, submission, state: 'active', closed: null, class: null, needs: 0, signed: [], toReview: false }
  }

  #read(): Promise<Found> {
    const { folder, now } = this.#o
    if (this.#found === null || now() - this.#at > FRESH_MS) {
      this.#at = now()
      this.#found = found(folder)
    }
    return this.#found
  }
}

async function found(folder: string): Promise<Found> {
  const { files } = await bundleFilesOf(folder)
  const { compiled } = compileFolder(ruleFilesOf(files))
  return { files, ref: compiled === null ? null : { id: bundleId(files), hash: compiled.hash } }
}

async function elsewhere(): Promise<never> {
  throw new Refusal('RELEASED_BY_FOLDER')
}
