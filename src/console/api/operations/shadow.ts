/** The shadow run: a candidate beside the rules in force on live traffic, figures only. It is started by a statement. */
import type { Attestation } from '../../../ports/bundle-store.ts'
import { bodyOf, type Handlers, signedOf } from '../call.ts'
import { Refusal } from '../failure.ts'
import type { ConsoleOptions } from '../options.ts'

export function shadowOperations({
  desk,
  now,
}: Pick<ConsoleOptions, 'desk' | 'now'>): Pick<Handlers, 'getShadow' | 'stopShadow'> {
  return {
    async getShadow() {
      const [{ shadow }, nodes] = await Promise.all([desk.state(), desk.attestations()])
      const on = shadow !== null && shadow.until * 1000 > now()
      const run = on
        ? { bundle: shadow.bundle.id, hash: shadow.bundle.hash, share: shadow.share, until: timeOf(shadow.until) }
        : null
      return { json: { run, nodes: nodes.flatMap(countsOf) } }
    },
    async stopShadow(call) {
      const { reason } = bodyOf<{ reason: string }>(call)
      const { refused } = await desk.stopShadow(signedOf(call).account.name, reason)
      if (refused !== null) throw new Refusal(refused)
      return { status: 204 }
    },
  }
}

const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString()

/** Of the run that is on, or the last one of this node: the bundle tells which. */
const countsOf = ({ node, seen, shadow }: Attestation) => (shadow === null ? [] : [{ node, seen, counts: shadow }])
