/** The door of the release core. */
export { checkRoster, keyId, type Roster, readApprover, rosterHash } from './approvers.ts'
export {
  type Activation,
  AheadError,
  Book,
  type BookOptions,
  type Reader,
  type ShadowOrder,
  type Taken,
  type Unreviewed,
} from './book.ts'
export { bundleId, bytesOf, readFiles } from './bundle.ts'
export { DEFAULT_LIFETIME, MAX_LIFETIME, readClaims } from './claims.ts'
export { RELEASE_CODES, type ReleaseCode, ReleaseError } from './codes.ts'
export { NO_HISTORY, nextEntry, readEntry, verifyHistory } from './history.ts'
export { payloadOf, peekClaims, STATEMENT_TYPE, signStatement, verifyStatement } from './jws.ts'
export type * from './model.ts'
export type { Closed } from './proposals.ts'
export { bundleMatter, checkStatement, defaultLifetime, type Matter, peopleFor, quorum, secondsOf } from './quorum.ts'
