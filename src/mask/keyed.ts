/**
 * Keyed arithmetic of the methods that are no pseudonyms: hashes, draws, ciphertexts, random ids. One HKDF label per
 * use (rules-language.md, Keyring), a key per recipient, and lengths before parts, so that no two messages are one.
 */
import { createHmac, type KeyObject } from 'node:crypto'
import { GatewayError } from '../base/errors.ts'
import { join, type PseudonymCall, type Pseudonyms, scopesOf } from './pseudonym.ts'
import { sealValue } from './sealed-value.ts'
import type { HashAlgorithm, Keyed } from './transforms/transform.ts'

/** hex digits of a hash before its check */
const BODY = 48

/** What the world adds to keys: random bytes for ciphertexts, and the map of random ids. */
export interface KeyedWorld {
  /** that many random bytes */
  readonly random?: ((bytes: number) => Buffer) | undefined
  readonly randomIds?: RandomIds | undefined
}

/** Whose dataset: the institution that gets the bytes, the scenario, and the name of the project. */
export interface DatasetName {
  readonly recipient: string
  readonly name: string
}

/** The map of one deployment; synchronous, since a payload is masked in one go. */
export interface RandomIds {
  /** the id of a value, made when first asked for. `slot` tells the element and its namespace. @throws GatewayError DATASET_DESTROYED */
  idOf(dataset: DatasetName, slot: string, canonical: string): string
}

/** The token's own project in a rule. */
export const THIS_PROJECT = 'this-project'

export function keyedOf(pseudonyms: Pseudonyms, call: PseudonymCall, world: KeyedWorld): Keyed {
  const scopes = scopesOf(call)
  const recipient = scopes.recipient!
  return {
    hash: (algorithm, element, namespace, canonical, scope) => {
      const info = scopes[scope ?? (element.local ? 'pair' : 'recipient')]
      if (info === null) throw new GatewayError('TOKEN_PERMISSION')
      const key = pseudonyms.key('hash', `${algorithm} ${info}`)
      const body = mac(algorithm, key, join(element.id, namespace, canonical))
        .toString('hex')
        .slice(0, BODY)
      return body + pseudonyms.hashCheck(body)
    },
    isOwnHash: (text) => pseudonyms.isOwnHash(text),
    // 48 bits over at most 32: the unevenness is below one in 65,000.
    draw: (use, message, below) => mac('sha256', pseudonyms.key(use, recipient), message).readUIntBE(0, 6) % below,
    seal: (cipher, element, canonical) => {
      if (world.random === undefined) throw new Error('no source of random bytes for ciphertexts')
      const keys = (part: string) => pseudonyms.key('reveal', `${part} ${recipient}`)
      return sealValue({ cipher, keys, epoch: pseudonyms.epoch, element: element.id }, canonical, world.random)
    },
    randomId: (dataset, element, namespace, canonical) => {
      const name = dataset === THIS_PROJECT ? call.project : dataset
      if (name === null) throw new GatewayError('TOKEN_PERMISSION')
      if (world.randomIds === undefined) throw new Error('no map for random ids')
      return world.randomIds.idOf({ recipient: call.recipient, name }, join(element.id, namespace), canonical)
    },
  }
}

const mac = (algorithm: HashAlgorithm, key: KeyObject, message: string): Buffer =>
  createHmac(algorithm, key).update(message).digest()
