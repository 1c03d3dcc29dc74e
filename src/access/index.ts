/** Door of the access core: who may call what, decided from facts. Pure; clock, keys and revocation are arguments. */
export { type AuthorizeRequest, authorize } from './authorize.ts'
export { compileDirectory, isDirectoryFile, type SourceFile } from './compile.ts'
export { CALLABLE, type Directory, match, toCanonical, upstreamPath } from './directory.ts'
export {
  type CertificateFacts,
  type Identified,
  type IdentifyRequest,
  identify,
  isCurrent,
  type RevocationList,
  type RevocationSets,
} from './identify.ts'
export { EMPTY_KEY_SET, type IssuerKeys, importKeySet, type KeySet, KeySetError } from './keys.ts'
export type * from './model.ts'
export { canonicalAddress, isWithin } from './networks.ts'
export { MAX_TARGET, readTarget, type Target } from './path.ts'
export { writeQuery } from './query.ts'
export { bearerToken, MAX_TOKEN, type TokenContext, TokenJudge, type TokenSettings } from './token.ts'
