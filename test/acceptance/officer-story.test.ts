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
import en from '../../src/console/web/i18n/en.json' with { type: 'json' }
import zh from '../../src/console/web/i18n/zh.json' with { type: 'json' }
import { NO_BROWSER, openBrowser, type Person, settle, shot, Visits } from '../console/fixtures/pages.ts'
import { redisMissing } from '../services/redis.ts'
import { Story } from './fixtures/story.ts'

const TEXTS = { zh, en }
const MASKED = { mobile: '138****8000', id: '***' }
const TIGHT = { mobile: undefined, id: '***' }
const LOOSE = { mobile: undefined, id: '5***************25' }
const RESEARCH = 'policies/research.yaml'
/** five seconds, and more only where other work holds the processors */
const MS = (): number => (loadavg()[0]! > 2 * availableParallelism() ? 30_000 : 5000)

for (const lang of ['zh', 'en'] as const)
  describe(`the officer, ${lang}`, { skip: NO_BROWSER || redisMissing(), timeout: 400_000 }, () => tell(lang))

function tell(lang: 'zh' | 'en'): void {
  const say = TEXTS[lang]
  let story: Story
  let visits: Visits
  let wang: Person
  let zhao: Person
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
  async function joins(name: string, displayName: string, roles: string): Promise<Person> {
    const password = await story.account(name, displayName, roles)
    const person = await visits.enrol(name, password, lang, Date.now)
    await visits.makeKey(person)
    const { page } = person
    const { proposed } = await page.evaluate(async () => (await fetch('/api/approvers')).json() as Promise<Approvers>)
    const { x, y } = proposed.find((key) => key.name === name)!
    await story.enrol({ id: name, x, y })
    await page.reload()
    await page.locator('[data-testid=own-key].ant-alert-success').waitFor()
    return person
  }

  const button = (person: Person, name: string) => person.page.getByRole('button', { name, exact: true })
  const here = ({ page }: Person): string => new URL(page.url()).hash.slice(2)

  async function sign(person: Person): Promise<void> {
    await button(person, say['review.sign']).click()
    const modal = person.page.locator('.ant-modal')
    await modal.locator('.ant-modal-footer .ant-btn-primary:not([disabled])').click()
    await modal.waitFor({ state: 'detached' })
    await settle(person.page)
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

  async function nodesAttest(person: Person, where: string): Promise<void> {
    await visits.visit(person.page, where)
    for (const node of ['node-1', 'node-2'])
      await person.page.locator('tr', { hasText: node }).getByText(say['nodes.current'], { exact: true }).waitFor()
  }

  const views = () => Promise.all(story.nodes.map((node) => node.seen()))

  test('the researcher sees a masked phone number through both nodes', async () => {
    assert.deepEqual(await views(), Array(2).fill({ status: 200, ...MASKED }))
    for (const node of story.nodes) assert.equal(await node.bundle(), first)
  })

  test('she finds the line behind it, and sees it at work on a sample', async () => {
    const { page } = wang
    await visits.visit(page, 'matrix?role=researcher')
    await page.getByRole('searchbox').fill('mobile')
    await page.getByRole('gridcell').focus()
    await page.keyboard.press('Enter')
    assert.equal(await page.getByTestId('deciding-line').textContent(), `${RESEARCH}:8`)
    assert.match((await page.locator('.deciding').textContent()) ?? '', /mobile: mask/)
    await shot(page, `live-1-cell-${lang}`)
    await page.getByRole('link', { name: say['cell.preview'] }).click()
    const masked = page.locator('section.text-side').nth(1).locator('[data-element=mobile]')
    await masked.waitFor()
    assert.equal(await masked.textContent(), MASKED.mobile)
  })

  test('she tightens it, and the preview shows nothing of the number', async () => {
    const { page } = wang
    await visits.visit(page, 'matrix?role=researcher')
    await page.getByRole('searchbox').fill('mobile')
    await page.getByRole('gridcell').click()
    await button(wang, say['draft.editLine']).click()
    await button(wang, say['draft.go']).click()
    await page.locator('[data-element=mobile].cell-line .ant-select').first().click()
    await page.locator('.ant-select-item-option[title$="drop"]').click()
    await page.locator('[data-testid=keeping][data-state=kept]').waitFor()
    await page.locator('.cm-line', { hasText: 'mobile: drop' }).waitFor()
    await page.locator('[data-testid=proof] .ant-alert-success').nth(1).waitFor()
    await page.getByRole('link', { name: say['nav.preview'], exact: true }).last().click()
    await visits.visit(page, `${here(wang)}&role=researcher&scenario=research&element=mobile`)
    const after = page.locator('section.text-side').nth(1).locator('pre')
    await after.waitFor()
    assert.doesNotMatch((await after.textContent()) ?? '', /138/)
    await shot(page, `live-2-preview-${lang}`)
    assert.deepEqual(await views(), Array(2).fill({ status: 200, ...MASKED }), 'a draft changes no call')
  })

  test('she releases it alone: live on both nodes', async (t) => {
    const { page } = wang
    const draft = new URLSearchParams(here(wang).split('?')[1]).get('ref')!
    await visits.visit(page, `review?draft=${draft}`)
    await page.locator('[data-testid=verdict][data-class=tighter]').waitFor()
    await page.locator('#reason').fill('hide mobile numbers from research')
    await button(wang, say['review.send']).click()
    await sign(wang)
    await live(t, TIGHT, () => button(wang, say['review.activate']).click())
    await page.locator('[data-state=active]').waitFor()
    await nodesAttest(wang, 'home')
    await shot(page, `live-3-nodes-${lang}`)
  })

  test('she loosens another cell, and cannot release it alone', async () => {
    const { page } = wang
    await visits.visit(page, 'drafts')
    await page.locator('#title').fill('ward wants the number')
    await button(wang, say['draft.begin']).click()
    await page.locator('.cm-content').waitFor()
    await visits.visit(page, `${here(wang)}&file=${RESEARCH}`)
    await page.locator('.cm-line', { hasText: 'resident-id: redact' }).click()
    await page.keyboard.press('End')
    for (let n = 0; n < 'redact'.length; n++) await page.keyboard.press('Backspace')
    await page.keyboard.type('mask')
    await page.keyboard.press('Escape')
    await page.locator('[data-testid=keeping][data-state=kept]').waitFor()
    await page.getByRole('link', { name: say['edit.review'] }).click()
    await page.locator('[data-testid=verdict][data-class=looser]').waitFor()
    await page.locator('#reason').fill('ward asks for the last digits')
    await button(wang, say['review.send']).click()
    await page.getByTestId('own-loosening').waitFor()
    const before = await story.nodes[0]!.bundle()
    await sign(wang)
    assert.equal(await button(wang, say['review.activate']).count(), 0)
    await shot(page, `live-4-alone-${lang}`)
    // the button is not what holds her back: the API does
    const refused = await page.evaluate(activateMyself, 'ward asks for the last digits')
    assert.deepEqual(refused, [true, 'APPROVAL_OWN'])
    assert.deepEqual(await views(), Array(2).fill({ status: 200, ...TIGHT }))
    for (const node of story.nodes) assert.equal(await node.bundle(), before)
  })

  test('a second person signs in a browser of his own: live on both nodes', async (t) => {
    const { page } = zhao
    await visits.visit(page, 'home')
    await page.getByRole('link', { name: 'ward asks for the last digits' }).click()
    await settle(page)
    await sign(zhao)
    await live(t, LOOSE, () => button(zhao, say['review.activate']).click())
    await page.locator('[data-state=active]').waitFor()
    await shot(page, `live-5-second-${lang}`)
  })

  test('she goes back to the first rules: live on both nodes, which attest it', async (t) => {
    const { page } = wang
    await visits.visit(page, 'history')
    const short = first!.slice('sha256:'.length, 'sha256:'.length + 10)
    await page.locator('tr', { hasText: short }).getByRole('button', { name: say['history.back'] }).first().click()
    const modal = page.locator('.ant-modal')
    await modal.locator('[data-testid=verdict]').waitFor()
    await modal.locator('textarea').fill('the ward was wrong')
    await live(t, MASKED, () => modal.locator('.ant-modal-footer .ant-btn-dangerous').click())
    await modal.waitFor({ state: 'detached' })
    for (const node of story.nodes) assert.equal(await node.bundle(), first)
    await nodesAttest(wang, 'history')
    await shot(page, `live-6-history-${lang}`)
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
    assert.deepEqual([wang.faults, zhao.faults], [[], []])
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
