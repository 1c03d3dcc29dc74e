/**
 * Pseudonyms: `P`, 15 characters of HMAC-SHA-256 over element, namespace and canonical value, 4 of a check HMAC over
 * those 15; base32 of RFC 4648 (A-Z, 2-7), upper case. 20 characters fit a FHIR id and an HL7 ST. A token is known as
 * our own by its check, tried over every epoch that is not destroyed, never by its look.
 */
import { createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { GatewayError } from '../base/errors.ts'
import { activeEpoch, derive, type Keyring, livingEpochs, type Use } from '../base/keyring.ts'
import type { Element } from './model.ts'
import { ShortHmac } from './short-hmac.ts'
import type { PseudonymScope } from './transforms/transform.ts'

const BODY = 15
const CHECK = 4
const HASH = /^[0-9a-f]{64}$/
const HASH_LENGTH = 64
const HASH_CHECK = 16
const SHAPE = /^[PR][A-Z2-7]{19}$/
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
  readonly #checks: readonly ShortHmac[]
  readonly #keyNameKey: ShortHmac
  readonly #keys = new Recent<KeyObject>(SCOPE_KEYS)
  readonly #scopeKeys = new Recent<ShortHmac>(SCOPE_KEYS)
  readonly #drawers = new Recent<Drawer>(SCOPE_KEYS)
  readonly #tokens = new Tokens(CACHE_SIZE)

  constructor(ring: Keyring, epoch: string = activeEpoch(ring).id) {
    this.#ring = ring
    this.#epoch = epoch
    // Refuses an epoch that may make nothing now, not at the first value.
    keyOf(ring, 'pseudonym', '', epoch)
    const others = livingEpochs(ring).filter((e) => e.id !== epoch)
    this.#checks = [epoch, ...others.map((e) => e.id)].map(
      (id) => new ShortHmac(keyOf(ring, 'pseudonym-check', '', id)),
    )
    this.#keyNameKey = new ShortHmac(keyOf(ring, 'key-name', '', epoch))
  }

  /** id of the epoch tokens are made with */
  get epoch(): string {
    return this.#epoch
  }

  /** A derived key under this epoch, for methods that are no pseudonyms; newest ones are kept. */
  key(use: Use, info: string): KeyObject {
    const slot = `${use}\0${info}`
    let key = this.#keys.get(slot)
    if (key === undefined) this.#keys.set(slot, (key = keyOf(this.#ring, use, info, this.#epoch)))
    return key
  }

  /** A random id: `R`, 15 characters of the given bytes (at least 10), 4 of the check over both. Known as our own. */
  randomToken(random: Buffer): string {
    const body = base32(random, BODY)
    return `R${body}${this.#check(this.#checks[0]!, 'R', body)}`
  }

  forCall(call: PseudonymCall): CallPseudonyms {
    const scopes = scopesOf(call)
    // Found by the element itself: putting a drawer's name together costs more than the rest.
    const usual = new Map<Element, { readonly namespace: string; readonly drawer: Drawer }>()
    return {
      pseudonym: (element, namespace, canonical, scope) => {
        const known = scope === undefined ? usual.get(element) : undefined
        if (known !== undefined && known.namespace === namespace) return this.#token(known.drawer, canonical)
        const info = scopes[scope ?? (element.local ? 'pair' : 'recipient')]
        if (info === null) throw new GatewayError('TOKEN_PERMISSION')
        const drawer = this.#drawer(info, element, namespace)
        if (scope === undefined) usual.set(element, { namespace, drawer })
        return this.#token(drawer, canonical)
      },
      isOwnToken: (text) => this.isOwnToken(text),
      keyName: (key, digits) => this.#keyNameKey.digest(key).toString('hex').slice(0, digits),
    }
  }

  /** What ends a hash of ours (method hash): 16 hex digits over the 48 before them. */
  hashCheck(body: string, key: ShortHmac = this.#checks[0]!): string {
    return key.digest(`H${body}`).toString('hex').slice(0, HASH_CHECK)
  }

  isOwnHash(text: string): boolean {
    if (!HASH.test(text)) return false
    const body = text.slice(0, -HASH_CHECK)
    const check = Buffer.from(text.slice(-HASH_CHECK))
    return this.#checks.some((key) => timingSafeEqual(Buffer.from(this.hashCheck(body, key)), check))
  }

  /** Token, random id or hash of ours, whichever living epoch made it. */
  isOwnToken(text: string): boolean {
    if (text.length === HASH_LENGTH) return this.isOwnHash(text)
    if (text.length !== 1 + BODY + CHECK || !SHAPE.test(text)) return false
    const body = text.slice(1, 1 + BODY)
    const check = Buffer.from(text.slice(1 + BODY))
    const sort = text[0] as 'P' | 'R'
    return this.#checks.some((key) => timingSafeEqual(Buffer.from(this.#check(key, sort, body)), check))
  }

  /** Of random ids another one, so that neither sort can be dressed as the other. */
  #check(key: ShortHmac, sort: 'P' | 'R', body: string): string {
    return base32(key.digest(sort === 'P' ? body : `R${body}`), CHECK)
  }

  #token(drawer: Drawer, canonical: string): string {
    const known = this.#tokens.get(drawer, canonical)
    if (known !== undefined) return known
    // Lengths before the parts: no two sets of parts make one message.
    const body = base32(this.#scopeKey(drawer.info).digest(drawer.prefix + join(canonical)), BODY)
    const token = `P${body}${this.#check(this.#checks[0]!, 'P', body)}`
    // Values seen lately come again soon (a patient's records); very long ones are not worth keeping.
    if (canonical.length <= 512) this.#tokens.set(drawer, canonical, token)
    return token
  }

  #drawer(info: string, element: Element, namespace: string): Drawer {
    const prefix = join(element.id, namespace)
    const slot = info + prefix
    let drawer = this.#drawers.get(slot)
    if (drawer === undefined) this.#drawers.set(slot, (drawer = { info, prefix, tokens: new Map() }))
    return drawer
  }

  #scopeKey(info: string): ShortHmac {
    let key = this.#scopeKeys.get(info)
    if (key === undefined) {
      key = new ShortHmac(keyOf(this.#ring, 'pseudonym', info, this.#epoch))
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

/** Tokens of one scope, element and namespace by canonical value. */
interface Drawer {
  readonly info: string
  /** of the message a token is made of */
  readonly prefix: string
  tokens: Map<string, string>
}

/**
 * At most `size` tokens over all drawers together; when they are full all are emptied. Two generations would keep what
 * is asked for again, at two lookups and a copy for what the older one holds: more than making some of them anew.
 */
class Tokens {
  readonly #size: number
  readonly #filled = new Set<Drawer>()
  #count = 0

  constructor(size: number) {
    this.#size = size
  }

  get(drawer: Drawer, key: string): string | undefined {
    return drawer.tokens.get(key)
  }

  set(drawer: Drawer, key: string, token: string): void {
    if (this.#count >= this.#size) this.#empty()
    drawer.tokens.set(key, token)
    this.#filled.add(drawer)
    this.#count++
  }

  #empty(): void {
    for (const drawer of this.#filled) drawer.tokens = new Map()
    this.#filled.clear()
    this.#count = 0
  }
}

/** The scope a key is derived for (rules-language.md, Pseudonyms and keys); dataset is null without a project. */
export function scopesOf(call: PseudonymCall): Record<PseudonymScope, string | null> {
  const recipient = join(call.recipient, call.scenario ?? '')
  return {
    recipient: `recipient${recipient}`,
    pair: `pair${recipient}${join(call.holder)}`,
    dataset: call.project === null ? null : `dataset${recipient}${join(call.project)}`,
  }
}

export const join = (...parts: readonly string[]): string => parts.map((part) => `\0${part.length}:${part}`).join('')

// A KeyObject is several times faster to use than its bytes.
const keyOf = (ring: Keyring, use: Use, info: string, epoch: string): KeyObject =>
  createSecretKey(derive(ring, use, info, KEY_BYTES, epoch))

/** The first n characters of the base32 of some bytes, five bits each. */
export function base32(from: Buffer, n: number): string {
  let out = ''
  let bits = 0
  let value = 0
  for (let i = 0; out.length < n; i++) {
    value = ((value << 8) | from[i]!) & 0xfff
    for (bits += 8; bits >= 5 && out.length < n; bits -= 5) out += ALPHABET[(value >> (bits - 5)) & 31]
  }
  return out
}
