/** 2: method and canonical path -> entry. A miss travels on as unmatched: no answer before the token tells which paths exist. */
import { match as look } from '../../access/directory.ts'
import { readTarget } from '../../access/path.ts'
import type { IdentifiedCall, MatchedCall } from '../call.ts'
import { Refused } from '../refused.ts'

/** Refuses with BAD_PATH_ENCODING, URI_TOO_LONG, DUPLICATE_PARAMETER, PARAMETER_SCHEMA: the same for every path. */
export function match(call: IdentifiedCall): MatchedCall {
  const target = readTarget(call.incoming.url ?? '')
  if (!target.ok) throw new Refused(target)
  return { ...call, match: look(call.snapshot.directory, call.method, target.value) }
}
