/**
 * Effects of two deployments that differ in their keys only. What a method makes alike under both is open to anyone who
 * sees the result; what differs is open to key holders alone.
 */
import { createRing } from '../../base/keyring.ts'
import { effectsOf } from '../effects.ts'
import { keyedOf } from '../keyed.ts'
import type { RuleSet } from '../model.ts'
import { Pseudonyms } from '../pseudonym.ts'
import type { Effects } from '../transforms/transform.ts'

/** @param today YYYY-MM-DD */
export function rivalEffects(rules: RuleSet, today: string): readonly [Effects, Effects] {
  return [effectsUnder(rules, today, 0x41), effectsUnder(rules, today, 0x42)]
}

function effectsUnder(rules: RuleSet, today: string, fill: number): Effects {
  const keys = new Pseudonyms(createRing(Buffer.alloc(32, fill), '2026-01-01T00:00:00Z'))
  const call = { recipient: '*', scenario: null, holder: '*', project: 'proof' }
  const pseudonyms = keys.forCall(call)
  const keyed = keyedOf(keys, call, {
    random: (bytes) => Buffer.alloc(bytes, fill),
    randomIds: { idOf: (_dataset, slot, canonical) => `R${fill} ${slot} ${canonical}` },
  })
  return effectsOf({ today: () => today, pseudonyms, dictionaries: rules.dictionaries, keyed })
}
