/** What happened: audit events, signals, figures. */
import { figuresOf, parseMoment } from '../../../report/index.ts'
import type { Call, Handlers } from '../call.ts'
import { csvOf } from '../csv.ts'
import { Refusal } from '../failure.ts'
import type { ConsoleOptions } from '../options.ts'

const DEFAULT_LIMIT = 100
const DAY = 86_400_000

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
      const events = accounts.events(moment(call.query['since'], 0), limitOf(call))
      if (call.query['as'] !== 'csv') return { json: { events } }
      const rows = events.map((e) => [
        e.id,
        e.at,
        e.account?.name ?? '',
        e.action,
        e.object,
        e.outcome,
        e.address,
        JSON.stringify(e.note ?? {}),
      ])
      const head = ['id', 'at', 'account', 'action', 'object', 'outcome', 'address', 'note']
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
