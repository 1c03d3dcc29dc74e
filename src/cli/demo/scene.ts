/** What every part of the walk is given: a running gateway, the members' systems, and a place to speak. */
import type { Consortium } from '../../pki/consortium.ts'
import type { CallAnswer, Caller } from './caller.ts'
import { type Person, type TokenOptions, tokenFor } from './cast.ts'
import type { Samples } from './samples.ts'
import type { Systems } from './systems.ts'
import type { Workspace } from './workspace.ts'

export interface Scene {
  readonly consortium: Consortium
  readonly samples: Samples
  readonly systems: Systems
  readonly workspace: Workspace
  /** by member: the connection with its certificate */
  readonly callers: ReadonlyMap<string, Caller>
  /** the API, guarded by a bearer secret */
  readonly control: { readonly port: number; readonly secret: string }
  /** a line of the story */
  say(text?: string): void
  /** a promise of the product that this run checked; the demo exits 1 when one did not hold */
  check(what: string, holds: boolean): void
}

export interface Ask {
  readonly method?: string
  readonly path: string
  readonly body?: Buffer
  readonly headers?: Readonly<Record<string, string>>
  /** member whose connection is used; default: the person's institution */
  readonly from?: string
  readonly token?: TokenOptions | null
}

/** One call as this person, with a fresh token bound to the person's institution unless said otherwise. */
export async function ask(scene: Scene, who: Person, question: Ask): Promise<CallAnswer> {
  const caller = scene.callers.get(question.from ?? who.institution)
  if (caller === undefined) throw new RangeError('no such member')
  const token = question.token === null ? null : await tokenFor(scene.consortium, who, Date.now(), question.token ?? {})
  const { method = 'GET', path, body, headers = {} } = question
  return caller.call(body === undefined ? { method, path, token, headers } : { method, path, token, headers, body })
}

/** The public code of a refusal in whatever format it came, or the status of an answer. */
export function codeOf(answer: CallAnswer): string {
  if (answer.status < 400) return String(answer.status)
  const text = answer.body.toString('utf8')
  return (
    /"code":"([A-Z][A-Z0-9_]+)"/.exec(text)?.[1] ?? /\|([A-Z][A-Z0-9_]{5,})\^/.exec(text)?.[1] ?? String(answer.status)
  )
}
