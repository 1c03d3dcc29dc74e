/**
 * The composition root: a whole gateway in this process, the primary's part and one worker of the road. `serve` with
 * one worker, the demo and tests start it; with more workers cli/serve/cluster.ts spreads the same parts over processes.
 */

import { startPrimary } from './cli/serve/primary.ts'
import { startWorker } from './cli/serve/worker.ts'
import type { Config } from './config.ts'
import type { Log } from './ports/log.ts'
import type { CallRecord } from './ports/record.ts'
import type { RecordCounters } from './ports/record-counters.ts'

export interface GatewayOptions {
  readonly config: Config
  /** folder of veilgate.yaml: paths in it are relative to it */
  readonly base: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
  /** the demo's throw-away authority is let in; never by `serve` */
  readonly admitDemo?: boolean
  /** `approval: off` counts */
  readonly unsafeApprovalOff?: boolean
  /** told of every record when its call is over, beside the journal */
  readonly closed?: (record: CallRecord) => void
}

export interface Gateway {
  readonly port: number
  readonly operationsPort: number
  readonly controlPort: number | null
  /** file of the call log, for reports */
  readonly callLog: string
  /** hash of the rules in force, null while there are none */
  readonly bundle: string | null
  counters(): Promise<RecordCounters>
  /** Orderly: calls under way are finished and every record is where it can be now. */
  stop(): Promise<void>
}

/** Throws with a sentence that names the file or key at fault when a part cannot be made. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const primary = await startPrimary({
    ...options,
    readiness: () => worker?.readiness() ?? { reasons: ['STARTING'], notes: [], bundle: null },
    metrics: () => worker?.metrics.render() ?? '',
  })
  let worker: Awaited<ReturnType<typeof startWorker>> | null = null
  try {
    worker = await startWorker({
      ...options,
      keyring: primary.keyring,
      worker: primary.nextWorker(),
      anomalies: (anomalies) => primary.watch(anomalies),
    })
  } catch (error) {
    await primary.stop()
    throw error
  }
  const running = worker
  return {
    port: running.port,
    operationsPort: primary.operationsPort,
    controlPort: primary.controlPort,
    callLog: primary.callLog,
    get bundle() {
      return running.readiness().bundle
    },
    counters: () => primary.counters(),
    async stop() {
      await running.stop()
      await primary.stop()
    },
  }
}
