/**
 * The officer's story, whole: two `veilgate serve` nodes over Redis, live mTLS calls, and officers in a real browser, in
 * Chinese and in English. She finds why the county's researcher sees a phone number, tightens the rule, sees what it does
 * and releases it alone; loosens another cell and cannot; a second person approves in a browser of his own; she goes
 * back. A file edited on a node's disk changes nothing that runs.
 */
import assert from 'node:assert/strict'
import { availableParallelism, loadavg } from 'node:os'
import { after, before, describe, type TestContext, test } from 'node:test'
import type { Schemas } from '../../src/console/web/api/types.ts'
import { Officer, RESEARCH } from '../console/fixtures/officer.ts'
import { NO_BROWSER, openBrowser, Visits } from '../console/fixtures/pages.ts'
import { redisMissing } from '../services/redis.ts'
import { Story } from './fixtures/story.ts'

const MASKED = { mobile: '138****8000', id: '***' }
const TIGHT = { mobile: undefined, id: '***' }
const LOOSE = { mobile: undefined, id: '5***************25' }
const WARD = 'ward asks for the last digits'
/** five seconds, and more only where other work holds the processors */
const MS = (): number => (loadavg()[0]! > 2 * availableParallelism() ? 30_000 : 5000)

for (const lang of ['zh', 'en'] as const)
  describe(`the officer, ${lang}`, { skip: NO_BROWSER || redisMissing(), timeout: 400_000 }, () => tell(lang))

function tell(lang: 'zh' | 'en'): void {
  let story: Story
  let visits: Visits
  let wang: Officer
  let zhao: Officer
  let first: string | null = null

  before(async () => {
    story = await Story.open()
    visits = new Visits(await openBrowser(), story.origin)
    wang = await joins('wang.fang', '王芳', 'editor,approver')
    zhao = await joins('zhao.min', '赵敏', 'approver')
    first = await story.nodes[0]!.bundle()
  })
  after(async () => {
    await visits?.browser.close()
    await story?.close()
  })

  /** An account from the command line, a first sign-in, a key made in the browser and enrolled by two approvers. */
  async function joins(name: string, displayName: string, roles: string): Promise<Officer> {
    const password = await story.account(name, displayName, roles)
    const person = await visits.enrol(name, password, lang, Date.now)
    await visits.makeKey(person)
    const { page } = person
    const { proposed } = await page.evaluate(async () => (await fetch('/api/approvers')).json() as Promise<Approvers>)
    const { x, y } = proposed.find((key) => key.name === name)!
    await story.enrol({ id: name, x, y })
    await page.reload()
    await page.locator('[data-testid=own-key].ant-alert-success').waitFor()
    return new Officer(visits, person, lang, `live-${name}`)
  }

  /** Both nodes show it to the researcher within five seconds of the click. */
  async function live(t: TestContext, expected: typeof MASKED | typeof TIGHT, click: () => Promise<void>) {
    const most = MS()
    const began = performance.now()
    await click()
    const ms = await story.live(expected, began, most)
    const loosened = most > 5000 ? ` (5 s loosened to ${most / 1000} s: load ${loadavg()[0]!.toFixed(1)})` : ''
    t.diagnostic(`${lang}: live on both nodes ${Math.round(ms)} ms after the click${loosened}`)
  }

  async function nodesAttest({ page, say }: Officer, where: string): Promise<void> {
    await visits.visit(page, where)
    for (const node of ['node-1', 'node-2'])
      await page.locator('tr', { hasText: node }).getByText(say['nodes.current'], { exact: true }).waitFor()
  }

  const views = () => Promise.all(story.nodes.map((node) => node.seen()))

  test('the researcher sees a masked phone number through both nodes', async () => {
    assert.deepEqual(await views(), Array(2).fill({ status: 200, ...MASKED }))
    for (const node of story.nodes) assert.equal(await node.bundle(), first)
  })

  test('she finds the line behind it, and sees it at work on a sample', () => wang.findsTheLine())

  test('she tightens it, and the preview shows nothing of the number', async () => {
    await wang.tightens()
    await wang.seesNothingOfTheNumber()
    assert.deepEqual(await views(), Array(2).fill({ status: 200, ...MASKED }), 'a draft changes no call')
  })

  test('she releases it alone: live on both nodes', async (t) => {
    await wang.submits('tighter', 'hide mobile numbers from research')
    await wang.signs()
    await live(t, TIGHT, wang.activates)
    await wang.seesItActive()
    await nodesAttest(wang, 'home')
  })

  test('she loosens another cell, and cannot release it alone', async () => {
    await wang.loosens('ward wants the number')
    await wang.submits('looser', WARD)
    const before = await story.nodes[0]!.bundle()
    await wang.signs()
    await wang.cannotRelease()
    // the button is not what holds her back: the API does
    const refused = await wang.page.evaluate(activateMyself, WARD)
    assert.deepEqual(refused, [true, 'APPROVAL_OWN'])
    assert.deepEqual(await views(), Array(2).fill({ status: 200, ...TIGHT }))
    for (const node of story.nodes) assert.equal(await node.bundle(), before)
  })

  test('a second person signs in a browser of his own: live on both nodes', async (t) => {
    await zhao.opens(WARD)
    await zhao.signs()
    await live(t, LOOSE, zhao.activates)
    await zhao.seesItActive()
  })

  test('she goes back to the first rules: live on both nodes, which attest it', async (t) => {
    await wang.goesBack(first!, 'the ward was wrong', (click) => live(t, MASKED, click))
    for (const node of story.nodes) assert.equal(await node.bundle(), first)
    await nodesAttest(wang, 'history')
  })

  test('a file edited on a node changes nothing that runs, not even after a restart', async () => {
    for (const { deployment } of story.nodes)
      deployment.write(
        `rules/${RESEARCH}`,
        deployment.read(`rules/${RESEARCH}`).replace('mobile: mask', 'mobile: keep'),
      )
    const node = story.nodes[1]!
    await node.serving.kill()
    node.serving = await node.deployment.serve()
    assert.deepEqual(await views(), Array(2).fill({ status: 200, ...MASKED }))
    for (const each of story.nodes) assert.equal(await each.bundle(), first)
  })

  test('no page broke, no value of the patient is in a log', () => {
    assert.deepEqual([wang.person.faults, zhao.person.faults], [[], []])
    for (const { deployment } of story.nodes)
      assert.doesNotMatch(deployment.read('veilgate.log'), /13800138000|500103199003070025|张三/)
  })
}

type Approvers = Schemas['Approvers']

/** In the page: her own proposal, activated past the pages. */
async function activateMyself(reason: string): Promise<[refused: boolean, code: string]> {
  const get = async <T>(path: string) => (await (await fetch(path)).json()) as T
  const { csrf } = await get<{ csrf: string }>('/api/session')
  const { proposals } = await get<{ proposals: { id: string; reason: string }[] }>('/api/proposals')
  const { id } = proposals.find((each) => each.reason === reason)!
  const reply = await fetch(`/api/proposals/${encodeURIComponent(id)}/activate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-veilgate-csrf': csrf },
    body: JSON.stringify({ reason }),
  })
  return [!reply.ok, ((await reply.json()) as { code: string }).code]
}
