/** A refusal by the access core: the exact code, what the caller may see of it, and the call as far as it was known. */
import type { Denial } from '../access/model.ts'
import { GatewayError } from '../base/errors.ts'
import type { Furthest } from './call.ts'

export class Refused extends GatewayError {
  /** null: the call as the last step left it */
  readonly call: Furthest | null

  constructor({ code, shown, hints }: Denial, call: Furthest | null = null) {
    super(code, { ...hints, ...(shown !== undefined && { shown }) })
    this.call = call
  }
}
