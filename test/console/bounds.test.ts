/** What officers keep is bounded: in number and bytes, for one and for all; what is refused says what to do, and nothing is lost. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BOUNDS } from '../../src/console/api/bounds.ts'
import { CONSOLE_CODES } from '../../src/console/api/failure.ts'
import { activateRules, type Browser, type Console, startConsole } from './fixtures/console.ts'
import { RULE_FILES } from './fixtures/rules.ts'

const RESEARCH = 'policies/research.yaml'
/** a draft holds each text twice: as it is, and as it was copied */
const WHOLE = 2 * RULE_FILES.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
const KIB = 1024

let at: Console
let lin: Browser
let chen: Browser
before(async () => {
  at = await startConsole(null, 'required', {
    open: 2,
    own: 2 * WHOLE + 64 * KIB,
    drafts: 4,
    bytes: 4 * WHOLE + 96 * KIB,
    samples: 2,
  })
  await activateRules(at)
  lin = await at.person('lin.wei', 'editor')
  chen = await at.person('chen.yu', 'editor')
})
after(() => at.close())

const begin = (who: Browser, title: string) => who.post('/api/drafts', { title })
const drop = (who: Browser, id: string) => who.ask('DELETE', `/api/drafts/${id}`)

async function write(who: Browser, id: string, text: string) {
  const { json: file } = await who.get(`/api/rules/${id}/file?path=${RESEARCH}`)
  const headers = { 'if-match': String(file.etag) }
  return who.ask('PUT', `/api/drafts/${id}/file?path=${RESEARCH}`, { body: { text }, headers })
}
const note = (bytes: number): string => `# ${'药'.repeat(Math.ceil(bytes / 3))}\n`

describe('drafts', () => {
  test('of one account: as many open ones, and as many bytes', async () => {
    const first = (await begin(lin, 'one')).json.id
    const second = (await begin(lin, 'two')).json.id
    const third = await begin(lin, 'three')
    assert.deepEqual([third.status, third.json.code], [409, 'TOO_MANY_DRAFTS'])
    assert.equal((await write(lin, first, note(40 * KIB))).status, 200)
    const refused = await write(lin, second, note(40 * KIB))
    assert.deepEqual([refused.status, refused.json.code], [409, 'DRAFTS_TOO_LARGE'])
    const { text } = (await lin.get(`/api/rules/${second}/file?path=${RESEARCH}`)).json
    assert.equal(text, RULE_FILES.find(({ path }) => path === RESEARCH)!.text, 'what was kept stays')
    const rows = `term,replacement,status,author,approver\n${Array.from({ length: 900 }, (_, n) => `病${n}甲乙丙丁戊己庚辛,甲${n},draft,li,zhang`).join('\n')}\n`
    const batch = await lin.ask('POST', `/api/drafts/${second}/dictionaries/symptom?mode=apply&batch=b`, {
      raw: Buffer.from(rows),
      headers: { 'content-type': 'text/csv' },
    })
    assert.deepEqual([batch.status, batch.json.code], [409, 'DRAFTS_TOO_LARGE'])
    assert.equal((await write(lin, first, note(10 * KIB))).status, 200, 'smaller is always kept')
    assert.equal((await write(lin, second, note(40 * KIB))).status, 200, 'and makes room')
    for (const id of [first, second]) assert.equal((await drop(lin, id)).status, 204)
  })

  test('beyond the bound nothing begins and nothing is carried over, and what gets smaller is kept', async () => {
    const { id: author } = at.accounts.accountNamed('lin.wei')!
    const head = {
      author,
      title: 't',
      base: null,
      state: 'open',
      proposal: null,
      createdAt: 'x',
      changedAt: 'x',
    } as const
    const [big, empty] = ['b'.repeat(26), 'e'.repeat(26)] as const
    const text = note(2 * WHOLE + 66 * KIB)
    at.workshop.addDraft({ ...head, id: big }, [{ path: RESEARCH, text, base: null, encoding: 'utf8' }])
    assert.equal((await begin(lin, 'more')).json.code, 'DRAFTS_TOO_LARGE')
    at.workshop.addDraft({ ...head, id: empty }, [])
    assert.equal((await lin.post(`/api/drafts/${empty}/rebase`)).json.code, 'DRAFTS_TOO_LARGE')
    assert.deepEqual(at.workshop.draftFiles(empty), [])
    assert.equal((await write(lin, big, note(2 * WHOLE + 65 * KIB))).status, 200)
    for (const id of [big, empty]) assert.equal((await drop(lin, id)).status, 204)
  })

  test('of everybody: as many bytes, as many drafts, submitted ones too; who threw theirs away makes room', async () => {
    const own = (await begin(lin, 'one')).json.id
    const theirs = (await begin(chen, 'two')).json.id
    const small = (await begin(chen, 'three')).json.id
    assert.equal((await write(lin, own, note(60 * KIB))).status, 200)
    const more = (await begin(lin, 'four')).json.id
    const full = await write(chen, theirs, note(60 * KIB))
    assert.deepEqual([full.status, full.json.code], [409, 'DRAFTS_FULL'])
    const submitted = await lin.post(`/api/drafts/${more}/submit`, { reason: 'x' })
    assert.equal(submitted.json.code, 'NOTHING_CHANGED')
    assert.equal((await drop(chen, small)).status, 204)
    const text = RULE_FILES.find(({ path }) => path === RESEARCH)!.text.replace('mobile: mask', 'mobile: drop')
    assert.equal((await write(lin, more, text)).status, 200)
    assert.equal((await lin.post(`/api/drafts/${more}/submit`, { reason: 'x' })).status, 201)
    assert.equal((await begin(chen, 'five')).status, 201)
    const late = await begin(lin, 'six')
    assert.deepEqual([late.status, late.json.code], [409, 'DRAFTS_FULL'])
    assert.equal((await lin.get(`/api/drafts/${more}`)).json.droppable, true)
    assert.equal((await drop(lin, more)).status, 204, 'a submitted one can be thrown away')
    assert.equal((await begin(lin, 'six')).status, 201)
  })

  test('of an account that is disabled: any editor may clear them away, nobody may before', async () => {
    const { json } = await lin.get('/api/drafts')
    const [left] = json.drafts.filter((d: { author: { name: string } }) => d.author.name === 'LIN.WEI')
    const seen = async () => (await chen.get(`/api/drafts/${left.id}`)).json.droppable
    assert.equal(await seen(), false)
    assert.equal((await drop(chen, left.id)).json.code, 'NOT_YOURS')
    const { id } = at.accounts.accountNamed('lin.wei')!
    at.people.change(id, { disabled: true }, null)
    assert.equal(await seen(), true)
    assert.equal((await drop(chen, left.id)).status, 204)
    const [event] = at.accounts.events(0, 1)
    assert.deepEqual([event!.action, event!.object, event!.account?.name], ['deleteDraft', left.id, 'CHEN.YU'])
    at.people.change(id, { disabled: false }, null)
  })
})

test('samples: as many, with a code and a text of their own; who made one deletes it', async () => {
  const save = (n: number) => chen.post('/api/samples', { title: `s${n}`, format: 'json', text: '{}' })
  const { json: one } = await save(1)
  assert.equal((await save(2)).status, 201)
  const third = await save(3)
  assert.deepEqual([third.status, third.json.code], [409, 'TOO_MANY_SAMPLES'])
  assert.equal(one.droppable, true)
  assert.equal((await chen.ask('DELETE', `/api/samples/${one.id}`)).status, 204)
  assert.equal((await save(3)).status, 201)
  const { json } = await chen.get('/api/samples')
  for (const { shipped, droppable } of json.samples) assert.equal(droppable, !shipped)
})

test('the texts name the bounds that are in force', () => {
  const MIB = 1 << 20
  const said = (code: keyof typeof CONSOLE_CODES, ...numbers: readonly string[]) => {
    const { zh, en } = CONSOLE_CODES[code]
    for (const number of numbers) for (const text of [zh, en]) assert.ok(text.includes(number), `${code}: ${number}`)
  }
  said('TOO_MANY_DRAFTS', `${BOUNDS.open}`)
  said('DRAFTS_TOO_LARGE', `${BOUNDS.own / MIB} MiB`)
  said('DRAFTS_FULL', `${BOUNDS.drafts}`, `${BOUNDS.bytes / MIB / 1024} GiB`)
  said('TOO_MANY_SAMPLES', `${BOUNDS.samples}`)
})
