/**
 * Pseudonyms: `P`, 15 characters of HMAC-SHA-256 over element, namespace and canonical value, 4 of a check HMAC over
 * those 15; base32 of RFC 4648 (A-Z, 2-7), upper case. 20 characters fit a FHIR id and an HL7 ST. A token is known as
 * our own by its check, tried over every epoch that is not destroyed, never by its look.
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { GatewayError } from '../base/errors.ts'
import { activeEpoch, derive, type Keyring, livingEpochs, type Use } from '../base/keyring.ts'
import type { Element } from './model.ts'
import type { PseudonymScope } from './transforms/transform.ts'

const BODY = 15
const CHECK = 4
const SHAPE = /^P[A-Z2-7]{19}$/
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const KEY_BYTES = 32
const CACHE_SIZE = 20_000
const SCOPE_KEYS = 1000

/** Whom the tokens are for and where the data lies; scopes are built of these (rules-language.md). */
export interface PseudonymCall {
  /** institution that gets the bytes: of a response the caller, of a request the provider */
  readonly recipient: string
  readonly scenario: string | null
  /** institution that holds the data */
  readonly holder: string
  /** the token's project claim, for scope dataset */
  readonly project: string | null
}

/** The keyed part of {@link import('./transforms/transform.ts').Effects} for one call, and names of keys that are payload. */
export interface CallPseudonyms {
  /** scope: default pair for what a provider issues (`local: true`), else recipient. @throws GatewayError TOKEN_PERMISSION: dataset without a project */
  readonly pseudonym: (element: Element, namespace: string, canonical: string, scope?: PseudonymScope) => string
  readonly isOwnToken: (text: string) => boolean
  /** that many hex digits (6 to 64) of a keyed hash of a key */
  readonly keyName: (key: string, digits: number) => string
}

/**
 * Pseudonyms of one ring under one epoch. Keeps derived keys and the newest tokens in memory, bounded.
 * @param epoch id the bundle names; default the newest active
 * @throws KeyringError when the epoch is unknown, retired or destroyed
 */
export class Pseudonyms {
  readonly #ring: Keyring
  readonly #epoch: string
  readonly #checks: readonly KeyObject[]
  readonly #keyNameKey: KeyObject
  readonly #scopeKeys = new Recent<KeyObject>(SCOPE_KEYS)
  readonly #tokens = new Recent<string>(CACHE_SIZE)

  constructor(ring: Keyring, epoch: string = activeEpoch(ring).id) {
    this.#ring = ring
    this.#epoch = epoch
    // Refuses an epoch that may make nothing now, not at the first value.
    keyOf(ring, 'pseudonym', '', epoch)
    const own = keyOf(ring, 'pseudonym-check', '', epoch)
    const others = livingEpochs(ring).filter((e) => e.id !== epoch)
    this.#checks = [own, ...others.map((e) => keyOf(ring, 'pseudonym-check', '', e.id))]
    this.#keyNameKey = keyOf(ring, 'key-name', '', epoch)
  }

  /** id of the epoch tokens are made with */
  get epoch(): string {
    return this.#epoch
  }

  forCall(call: PseudonymCall): CallPseudonyms {
    const recipient = join(call.recipient, call.scenario ?? '')
    const scopes: Record<PseudonymScope, string | null> = {
      recipient: `recipient${recipient}`,
      pair: `pair${recipient}${join(call.holder)}`,
      dataset: call.project === null ? null : `dataset${recipient}${join(call.project)}`,
    }
    return {
      pseudonym: (element, namespace, canonical, scope) => {
        const info = scopes[scope ?? (element.local ? 'pair' : 'recipient')]
        if (info === null) throw new GatewayError('TOKEN_PERMISSION')
        return this.#token(info, element, namespace, canonical)
      },
      isOwnToken: (text) => this.isOwnToken(text),
      keyName: (key, digits) => hmac(this.#keyNameKey, key).toString('hex').slice(0, digits),
    }
  }

  isOwnToken(text: string): boolean {
    if (text.length !== 1 + BODY + CHECK || !SHAPE.test(text)) return false
    const body = text.slice(1, 1 + BODY)
    const check = Buffer.from(text.slice(1 + BODY))
    return this.#checks.some((key) => timingSafeEqual(Buffer.from(base32(hmac(key, body), CHECK)), check))
  }

  #token(info: string, element: Element, namespace: string, canonical: string): string {
    // Lengths before the parts: no two sets of parts make one message.
    const message = join(element.id, namespace, canonical)
    const slot = info + message
    const known = this.#tokens.get(slot)
    if (known !== undefined) return known
    const body = base32(hmac(this.#scopeKey(info), message), BODY)
    const token = `P${body}${base32(hmac(this.#checks[0]!, body), CHECK)}`
    // Values seen lately come again soon (a patient's records); very long ones are not worth keeping.
    if (slot.length <= 512) this.#tokens.set(slot, token)
    return token
  }

  #scopeKey(info: string): KeyObject {
    let key = this.#scopeKeys.get(info)
    if (key === undefined) {
      key = keyOf(this.#ring, 'pseudonym', info, this.#epoch)
      this.#scopeKeys.set(info, key)
    }
    return key
  }
}

/** What was asked for lately, at most `size` entries, in two generations: the older one goes as a whole. */
class Recent<T> {
  readonly #size: number
  #young = new Map<string, T>()
  #old = new Map<string, T>()

  constructor(size: number) {
    this.#size = size
  }

  get(key: string): T | undefined {
    const known = this.#young.get(key)
    if (known !== undefined) return known
    const older = this.#old.get(key)
    if (older !== undefined) this.set(key, older)
    return older
  }

  set(key: string, value: T): void {
    if (this.#young.size >= this.#size >> 1) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}

const join = (...parts: readonly string[]): string => parts.map((part) => `\0${part.length}:${part}`).join('')

// A KeyObject is several times faster to use than its bytes.
const keyOf = (ring: Keyring, use: Use, info: string, epoch: string): KeyObject =>
  createSecretKey(derive(ring, use, info, KEY_BYTES, epoch))

const hmac = (key: KeyObject, message: string): Buffer => createHmac('sha256', key).update(message).digest()

/** The first n characters of the base32 of some bytes, five bits each. */
function base32(from: Buffer, n: number): string {
  let out = ''
  let bits = 0
  let value = 0
  for (let i = 0; out.length < n; i++) {
    value = ((value << 8) | from[i]!) & 0xfff
    for (bits += 8; bits >= 5 && out.length < n; bits -= 5) out += ALPHABET[(value >> (bits - 5)) & 31]
  }
  return out
}
