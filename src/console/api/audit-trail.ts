/** One audit event for every write, sign-in and refusal by role: who, what, to which id, how it ended. */
import type { Answer, Call } from './call.ts'
import { Flood } from './flood.ts'
import type { ConsoleOptions } from './options.ts'
import type { Route } from './routes.ts'

/** Reads that take something out of the console. */
const EXPORTS: ReadonlySet<string> = new Set(['getAudit', 'getMatrix'])
/** Reads refused for want of a session happen with every page that was left open. */
const QUIET: ReadonlySet<string> = new Set(['NOT_SIGNED_IN', 'NOT_FOUND', 'BAD_PARAMETER', 'ENROL_FIRST'])
/** nothing is kept by these: they run with every pause in typing */
const TYPING: ReadonlySet<string> = new Set(['checkDraft', 'setCell', 'runTests'])

/** A password was judged: these are as few as the waits let through, and none of them is left out. */
const JUDGED = 'SIGN_IN_FAILED'

export function auditOf({ accounts, now }: Pick<ConsoleOptions, 'accounts' | 'now'>) {
  const flood = new Flood()
  return (route: Route, call: Call, answer: Answer | null, outcome: string): void => {
    if (route.method === 'get') {
      const exported = answer?.csv !== undefined && EXPORTS.has(route.operation)
      if (outcome === 'ok' ? !exported : QUIET.has(outcome)) return
    } else if (TYPING.has(route.operation) && outcome === 'ok') return
    const account = answer?.session?.account ?? call.signed?.account ?? null
    const isNobody = account === null && outcome !== 'ok' && outcome !== JUDGED
    const leftOut = isNobody ? flood.admit(call.address, now()) : 0
    if (leftOut === null) return
    const note = leftOut === 0 ? call.about.note : { ...call.about.note, leftOut }
    accounts.audit({
      at: new Date(now()).toISOString(),
      account: account === null ? null : { id: account.id, name: account.displayName },
      action: route.operation,
      object: call.about.object,
      outcome,
      address: call.address === '' ? null : call.address,
      note: Object.keys(note).length === 0 ? null : note,
    })
  }
}
