/** What a worker of the road is started with. */
import type { Anomaly } from '../../anomaly/index.ts'
import type { Keyring } from '../../base/keyring.ts'
import type { Config } from '../../config.ts'
import type { Log } from '../../ports/log.ts'
import type { CallRecord } from '../../ports/record.ts'

export interface WorkerOptions {
  readonly config: Config
  /** folder of veilgate.yaml: paths in it are relative to it */
  readonly base: string
  /** opened by the primary or by the worker itself */
  readonly keyring: Keyring
  /** 1 to 16 of [a-z0-9], never used before in this state folder */
  readonly worker: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
  /** the demo's throw-away authority is let in; never by `serve` */
  readonly admitDemo?: boolean
  /** `approval: off` counts; the demo, or --unsafe-approval-off */
  readonly unsafeApprovalOff?: boolean
  /** keeps the last good rules in the state folder: one worker of a folder does */
  readonly keepsRules?: boolean
  /** told of the anomaly rules in force */
  readonly anomalies?: (anomalies: readonly Anomaly[]) => void
  /** told of every record when its call is over, beside the journal */
  readonly closed?: (record: CallRecord) => void
}
