/** Bundles as people see them: which is in force, which may be gone back to, who signed what waits. */
import type { BundleHead } from '../../ports/bundle-store.ts'
import type { BundleView } from '../../ports/release.ts'
import type { Book } from '../../release/book.ts'
import type { ChangeClass } from '../../release/model.ts'
import { peopleFor } from '../../release/quorum.ts'
import type { BundleLoader } from './load.ts'

/** drafts made from other rules than those in force are classed again, which compiles them: not without bound */
const MOST_CLASSED = 10

/** Classes of drafts against what is in force: pages ask every few seconds, and bundles do not change. */
export type KnownClasses = Map<string, ChangeClass>
const MOST_KNOWN = 400

export async function bundleViews(
  heads: readonly BundleHead[],
  book: Book,
  loader: BundleLoader,
  known: KnownClasses = new Map(),
): Promise<readonly BundleView[]> {
  const active = book.active?.bundle ?? null
  const views: BundleView[] = []
  let classed = 0
  const classOf = async ({ id, hash, submission }: BundleHead): Promise<ChangeClass> => {
    if (submission.parent === (active?.hash ?? null)) return submission.class
    const key = `${active?.id} ${id}`
    const told = known.get(key)
    if (told !== undefined) return told
    if (++classed > MOST_CLASSED) return 'looser'
    const found = await loader.classOf(active, { id, hash }).catch(() => null)
    if (found !== null) known.set(key, found)
    for (const old of [...known.keys()].slice(0, -MOST_KNOWN)) known.delete(old)
    return found ?? 'looser'
  }
  const changeOf = async (head: BundleHead, state: BundleView['state']) => {
    if (state === 'active') return null
    if (state === 'past') return 'rollback' as const
    return state === 'draft' ? await classOf(head) : head.submission.class
  }
  for (const head of heads) {
    const { id, hash, submission } = head
    const closed = book.wasActive(id) ? null : book.closed(id)
    const state = active?.id === id ? 'active' : book.wasActive(id) ? 'past' : (closed?.how ?? 'draft')
    // what a refused one would have done is told as it was submitted: nothing is decided by it any more
    const change = await changeOf(head, state)
    const act = state === 'past' ? 'rollback' : 'release'
    const signed = book.pending
      .filter(({ claims }) => claims.act === act && claims.files === id && claims.parent === (active?.hash ?? null))
      .map(({ by }) => by)
    views.push({
      id,
      hash,
      submission,
      state,
      closed,
      class: change,
      needs: change === null ? 0 : peopleFor(change),
      signed: state === 'active' || closed !== null ? [] : [...new Set(signed)],
      toReview: book.toReview.some(({ entry }) => entry.bundle?.id === id),
    })
  }
  return views
}
