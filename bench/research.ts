/** mask.research: the shipped research policy on rows with sentences, against a careful team's walk, and the bare walk. */
import assert from 'node:assert/strict'
import { researchContestants } from './research-masker.ts'
import { researchList } from './research-payload.ts'
import { measure } from './rounds.ts'
import { type Suite, wanted } from './suite.ts'

const ID = 'mask.research'
const BAR = 2

/** Both sides give the same bytes, and treat something in every payload. */
function prove(): void {
  const { veilgate, peer } = researchContestants()
  for (let seed = 1; seed <= 60; seed++) {
    const body = researchList(20_000, seed)
    const mine = veilgate(body).toString()
    assert.ok(mine === peer(body).toString(), `${ID}: contestants differ on payload ${seed}`)
    assert.match(mine, /否认 /, 'something of the sentences is left')
  }
}

export const researchSuite: Suite = {
  ids: [ID],
  async run(prefix, emit) {
    if (!wanted(ID, prefix)) return
    prove()
    const names = ['veilgate', 'peer', 'bare'] as const
    const [mine, peer, bare] = await measure(
      names.map((name) => ({ name, module: './research-contestant.ts', args: [name] })),
      7,
      600,
    )
    const ratio = peer!.perOp[0] / mine!.perOp[0]
    const detail = [mine!, peer!, bare!]
      .map((m) => `${m.name} ${((m.perOp[0] * 1000) / m.bytesPerOp).toFixed(1)} ns/B`)
      .join(', ')
    emit(
      { id: ID, value: ratio, unit: 'x less CPU than the peer', bar: BAR, holds: ratio >= BAR },
      `${detail}; ${(mine!.perOp[0] / bare!.perOp[0]).toFixed(1)} x the bare walk`,
    )
  },
}
