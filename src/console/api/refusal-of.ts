/** Whatever was thrown below the API as the refusal its caller sees; the text of an error never leaves. */
import { BundleStoreError } from '../../ports/bundle-store.ts'
import { ReleaseError } from '../../release/codes.ts'
import { PeopleError } from '../accounts/people.ts'
import { Refusal } from './failure.ts'

export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof PeopleError || error instanceof ReleaseError) return new Refusal(error.code)
  if (error instanceof BundleStoreError) return new Refusal('STORE_UNAVAILABLE')
  // body-parser's errors carry the body: only its own status is looked at
  const status = (error as { readonly status?: unknown } | null)?.status
  if (status === 413) return new Refusal('BODY_TOO_LARGE')
  if (status === 415) return new Refusal('UNSUPPORTED_MEDIA_TYPE')
  if (typeof status === 'number' && status >= 400 && status < 500) return new Refusal('BAD_BODY')
  return new Refusal('INTERNAL')
}
