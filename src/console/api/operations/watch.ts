/** What happened: audit events, signals, figures. */
import type { Accounts, AuditEvent } from '../../../ports/accounts.ts'
import { figuresOf, parseMoment } from '../../../report/index.ts'
import type { Call, Handlers } from '../call.ts'
import { csvOf } from '../csv.ts'
import { Refusal } from '../failure.ts'
import type { ConsoleOptions } from '../options.ts'

const DEFAULT_LIMIT = 100
const DAY = 86_400_000

/** With the names that are typed at the sign-in: two people may be called alike. */
function told({ account, object, ...event }: AuditEvent, accounts: Accounts) {
  const loginOf = (id: string): string | null => accounts.account(id)?.name ?? null
  return {
    ...event,
    account: account === null ? null : { ...account, login: loginOf(account.id) },
    object,
    objectLogin: object === null ? null : loginOf(object),
  }
}

export function watchOperations({
  accounts,
  queries,
  zone,
  now,
}: ConsoleOptions): Pick<Handlers, 'getAudit' | 'getAnomalies' | 'getSummary'> {
  const moment = (text: string | undefined, fallback: number): number => {
    const at = text === undefined ? fallback : parseMoment(text, zone)
    if (at === null) throw new Refusal('BAD_PARAMETER')
    return at
  }
  const limitOf = (call: Call): number => Number(call.query['limit'] ?? DEFAULT_LIMIT)
  const asked = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await question()
    } catch {
      // why it cannot be read may name a file
      throw new Refusal('CALL_LOG_UNAVAILABLE')
    }
  }
  return {
    getAudit(call) {
      const { since, before, as } = call.query
      const last = before === undefined ? undefined : Number(before)
      const events = accounts.events(moment(since, 0), limitOf(call), last).map((event) => told(event, accounts))
      if (as !== 'csv') return { json: { events } }
      const rows = events.map((e) => [
        e.id,
        e.at,
        e.account?.name ?? '',
        e.account?.login ?? '',
        e.action,
        e.object,
        e.objectLogin,
        e.outcome,
        e.address,
        JSON.stringify(e.note ?? {}),
      ])
      const head = ['id', 'at', 'account', 'login', 'action', 'object', 'object_login', 'outcome', 'address', 'note']
      return { csv: { name: 'audit.csv', text: csvOf([head, ...rows]) } }
    },
    async getAnomalies(call) {
      const since = moment(call.query['since'], 0)
      return { json: { signals: await asked(() => queries.signals(since, limitOf(call))) } }
    },
    async getSummary(call) {
      const to = moment(call.query['to'], now())
      const from = moment(call.query['from'], to - DAY)
      if (from >= to) throw new Refusal('BAD_PARAMETER')
      return { json: figuresOf(await asked(() => queries.sums(from, to)), { from, to, zone }) }
    },
  }
}
