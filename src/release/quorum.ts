/** How many people a change takes, and whether these statements are enough. Pure decisions, nothing is remembered. */
import { DAY_SECONDS } from './claims.ts'
import { ReleaseError } from './codes.ts'
import type { BundleRef, ChangeClass, Claims, StatedClass, Statement } from './model.ts'

/** what clocks of signers and servers may differ by, seconds */
export const CLOCK_TOLERANCE = 300

/** Tightening, rollback, refusal, shadow: one person. Loosening, the list of approvers, destroying keys: two. */
export const peopleFor = (stated: StatedClass): number =>
  stated === 'looser' || stated === 'roster' || stated === 'destroy' ? 2 : 1

/** What statements must agree with. */
export interface Matter {
  readonly act: Claims['act']
  readonly subject: string
  readonly files: string | null
  readonly parent: string | null
  /** as computed by who judges; a statement may say more (looser), never less */
  readonly class: StatedClass
  /** seconds since 1970 */
  readonly at: number
  readonly spent: ReadonlySet<string>
  /** who wrote it, if known: only to say why one signature is not enough */
  readonly author: string | null
}

/** The bundle's matter; rollback has a class of its own. */
export const bundleMatter = (
  act: 'release' | 'rollback' | 'review' | 'refuse' | 'shadow',
  bundle: BundleRef,
  change: ChangeClass,
): Pick<Matter, 'act' | 'subject' | 'files' | 'class'> => ({
  act,
  subject: bundle.hash,
  files: bundle.id,
  class: act === 'rollback' || act === 'refuse' || act === 'shadow' ? act : change,
})

/** Throws ReleaseError when a statement does not fit, whoever signed it. */
export function checkStatement({ claims }: Statement, matter: Matter): void {
  if (claims.act !== matter.act) throw new ReleaseError('APPROVAL_ACT')
  if (claims.subject !== matter.subject || claims.files !== matter.files) throw new ReleaseError('APPROVAL_BUNDLE')
  if (matter.spent.has(claims.jti)) throw new ReleaseError('APPROVAL_REPLAYED')
  if (claims.parent !== matter.parent) throw new ReleaseError('APPROVAL_PARENT')
  if (claims.class !== matter.class && !(claims.class === 'looser' && isChange(matter.class)))
    throw new ReleaseError('APPROVAL_CLASS')
  if (claims.iat > matter.at + CLOCK_TOLERANCE) throw new ReleaseError('APPROVAL_NOT_YET')
  if (claims.exp <= matter.at) throw new ReleaseError('APPROVAL_EXPIRED')
}

const isChange = (stated: StatedClass): stated is ChangeClass =>
  stated === 'same' || stated === 'tighter' || stated === 'looser'

/** The people who signed, once each. Throws ReleaseError when one statement is wrong or people are missing. */
export function quorum(statements: readonly Statement[], matter: Matter): readonly string[] {
  const people = new Set<string>()
  let stated: StatedClass = matter.class
  for (const statement of statements) {
    checkStatement(statement, matter)
    if (people.has(statement.by)) throw new ReleaseError('APPROVAL_TWICE')
    people.add(statement.by)
    if (statement.claims.class === 'looser') stated = 'looser'
  }
  // whoever says that it loosens is believed
  if (people.size < peopleFor(stated)) {
    const own = people.size === 1 && matter.author !== null && people.has(matter.author)
    throw new ReleaseError(own ? 'APPROVAL_OWN' : 'APPROVAL_MISSING')
  }
  return [...people]
}

/** Seconds of an RFC 3339 moment. */
export const secondsOf = (at: string): number => Math.floor(Date.parse(at) / 1000)

/** How long a statement is asked for when nothing is said, by act: a shadow run ends with its statement. */
export const defaultLifetime = (act: Claims['act']): number => (act === 'shadow' ? 1 : 7) * DAY_SECONDS
