/** mask.*: one payload masked, against parse + walk + stringify and split + join. Correctness first. */
import assert from 'node:assert/strict'
import { fhirBundle, hisList, oruMessage } from './payloads.ts'
import { maskFhirByWalk, maskHisByWalk, maskHl7BySplit } from './peers.ts'
import { measure, ratioOf } from './rounds.ts'
import { type Row, type Suite, wanted } from './suite.ts'
import { veilgateMasker } from './veilgate-masker.ts'

interface Case {
  readonly id: string
  readonly format: 'fhir' | 'his' | 'hl7v2'
  readonly size: number
  readonly bar: number
}

const SIZES = [
  ['2k', 2000],
  ['20k', 20_000],
  ['200k', 200_000],
  ['5m', 5_000_000],
] as const

const CASES: readonly Case[] = [
  ...SIZES.map(([name, size]) => ({ id: `mask.json.fhir.${name}`, format: 'fhir' as const, size, bar: 2.5 })),
  ...SIZES.map(([name, size]) => ({
    id: `mask.json.his.${name}`,
    format: 'his' as const,
    size,
    bar: size < 100_000 ? 2.2 : 2.5,
  })),
  { id: 'mask.hl7v2.oru30', format: 'hl7v2', size: 30, bar: 5 },
]

/** Both sides must give the same bytes on payloads without escapes or number spellings that parsing would change. */
async function prove(c: Case): Promise<void> {
  const make = { fhir: fhirBundle, his: hisList, hl7v2: oruMessage }[c.format]
  const peer = { fhir: maskFhirByWalk, his: maskHisByWalk, hl7v2: maskHl7BySplit }[c.format]
  const mask = await veilgateMasker(c.format === 'his' ? 'json' : c.format)
  for (let seed = 1; seed <= (c.size > 1_000_000 ? 1 : 20); seed++) {
    const body = make(c.size, seed)
    const mine = mask(body)
    assert.notDeepEqual(mine, body, `${c.id}: nothing was masked`)
    assert.equal(mine.toString(), peer(body).toString(), `${c.id}: contestants differ`)
  }
}

export const maskSuite: Suite = {
  ids: CASES.map((c) => c.id),
  async run(prefix, emit) {
    for (const c of CASES) {
      if (!wanted(c.id, prefix)) continue
      await prove(c)
      const args = [c.format, String(c.size)]
      const [mine, peer] = await measure(
        [
          { name: 'veilgate', module: './mask-contestant.ts', args: ['veilgate', ...args] },
          { name: 'peer', module: './mask-contestant.ts', args: ['peer', ...args] },
        ],
        c.size > 1_000_000 ? 9 : 15,
        c.size > 1_000_000 ? 700 : 250,
      )
      const ratio = ratioOf(peer!.rounds, mine!.rounds)
      const row: Row = { id: c.id, value: ratio, unit: 'x less CPU than the peer', bar: c.bar, holds: ratio >= c.bar }
      const detail = [mine!, peer!]
        .map(
          (m) =>
            `${m.name} ${((m.perOp[0] * 1000) / m.bytesPerOp).toFixed(2)} ns/B [${((m.perOp[1] * 1000) / m.bytesPerOp).toFixed(2)}-${((m.perOp[2] * 1000) / m.bytesPerOp).toFixed(2)}]`,
        )
        .join(', ')
      emit(row, detail)
    }
  },
}
