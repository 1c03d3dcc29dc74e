/** mask.research: the shipped research policy on rows with sentences, against a careful team's walk, and the bare walk. */
import assert from 'node:assert/strict'
import { researchContestants } from './research-masker.ts'
import { researchList } from './research-payload.ts'
import { measure, ratioOf } from './rounds.ts'
import { type Suite, wanted } from './suite.ts'

const ID = 'mask.research'
const BAR = 2

/** Both sides give the same bytes, treat something in every payload, and leave out some rows with a level-5 sign, not all. */
function prove(): void {
  const { veilgate, peer } = researchContestants()
  const rows = { sent: 0, left: 0, screened: 0, held: 0 }
  for (let seed = 1; seed <= 60; seed++) {
    const body = researchList(20_000, seed)
    const mine = veilgate(body).toString()
    assert.ok(mine === peer(body).toString(), `${ID}: contestants differ on payload ${seed}`)
    assert.match(mine, /否认 /, 'something of the sentences is left')
    rows.sent += rowsOf(body.toString())
    rows.left += rowsOf(mine)
    if (body.includes('危急值致电')) {
      rows.held++
      assert.ok(!mine.includes('致电'), `${ID}: a telephone beside a range`)
    }
    if (/"HBsAg","jgz":"阴性"/.test(mine)) rows.screened++
  }
  assert.ok(rows.left < rows.sent * 0.98, `${ID}: rows with a sign are left out`)
  assert.ok(rows.held > 0, 'kept columns hold what others hide')
  assert.ok(rows.left > rows.sent * 0.8 && rows.screened > 0, `${ID}: denials and negative screenings stay`)
}

const rowsOf = (body: string): number => (JSON.parse(body) as { data: { list: unknown[] } }).data.list.length

export const researchSuite: Suite = {
  ids: [ID],
  async run(prefix, emit) {
    if (!wanted(ID, prefix)) return
    prove()
    const names = ['veilgate', 'peer', 'bare'] as const
    const [mine, peer, bare] = await measure(
      names.map((name) => ({ name, module: './research-contestant.ts', args: [name] })),
      15,
      300,
    )
    const ratio = ratioOf(peer!.rounds, mine!.rounds)
    const detail = [mine!, peer!, bare!]
      .map((m) => `${m.name} ${((m.perOp[0] * 1000) / m.bytesPerOp).toFixed(1)} ns/B`)
      .join(', ')
    emit(
      { id: ID, value: ratio, unit: 'x less CPU than the peer', bar: BAR, holds: ratio >= BAR },
      `${detail}; ${ratioOf(mine!.rounds, bare!.rounds).toFixed(1)} x the bare walk`,
    )
  },
}
