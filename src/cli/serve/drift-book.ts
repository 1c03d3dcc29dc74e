/** The drift book of one worker: what is new is written to the state folder and told once in the log. */
import { addDrift, readDrift } from '../../adapters/state/drift.ts'
import { DriftBook } from '../../mask/drift.ts'
import type { Pseudonyms } from '../../mask/index.ts'
import type { Log } from '../../ports/log.ts'

const DIGITS = 8
/** keyNames are keyed by the ring alone: an address has one name on every interface and node */
const NOBODY = { recipient: '', scenario: null, holder: '', project: null }

export function driftBook(state: string, pseudonyms: Pseudonyms, log: Log): DriftBook {
  const { keyName } = pseudonyms.forCall(NOBODY)
  return new DriftBook({
    hash: (name) => keyName(name, DIGITS),
    now: Date.now,
    known: readDrift(state),
    found(drift) {
      log.warn('rules.drift', { interface: drift.interface, rule: drift.address })
      try {
        addDrift(state, drift)
      } catch {
        // The call goes on: the log has told, and the next start tells again.
        log.error('rules.drift-unwritten', { interface: drift.interface })
      }
    },
  })
}
