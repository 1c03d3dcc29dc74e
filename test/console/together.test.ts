/**
 * Several people, tabs and moments at one thing: a proposal refused, mended and withdrawn; a candidate tried on live
 * traffic; two tabs in one file; a session that ends in the middle of a line. Nothing typed is lost without a word.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import en from '../../src/console/web/i18n/en.json' with { type: 'json' }
import zh from '../../src/console/web/i18n/zh.json' with { type: 'json' }
import { PASSWORD } from './fixtures/console.ts'
import { type BuiltFile, buildConsole, NO_BROWSER, type Person, Stage, settle, shot } from './fixtures/pages.ts'

const TEXTS = { zh, en }
const RESEARCH = 'policies/research.yaml'
const KEPT = '[data-testid=keeping][data-state=kept]'
const CONFLICT = '[data-testid=keeping][data-state=conflict]'

describe('several at one thing', { skip: NO_BROWSER, timeout: 400_000 }, () => {
  let build: BuiltFile[] = []
  before(() => {
    build = buildConsole()
  })
  for (const lang of ['zh', 'en'] as const) describe(lang, () => tell(lang, () => build))
})

function tell(lang: 'zh' | 'en', built: () => BuiltFile[]): void {
  const say = TEXTS[lang]
  let stage: Stage
  let wang: Person
  let zhao: Person
  before(async () => {
    stage = await Stage.open(built())
    wang = await stage.person('wang.fang', '王芳', ['editor', 'approver'], lang)
    zhao = await stage.person('zhao.min', '赵敏', ['approver'], lang)
    await stage.enrolKey(wang)
    await stage.enrolKey(zhao)
  })
  after(() => stage.close())

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const here = (page: Page): URLSearchParams => new URLSearchParams(new URL(page.url()).hash.split('?')[1])
  const modal = (page: Page) => page.locator('.ant-modal:visible')

  async function draft(title: string): Promise<string> {
    const { page } = wang
    await stage.visit(page, 'drafts')
    await page.locator('#title').fill(title)
    await button(page, say['draft.begin']).click()
    await page.locator('.cm-content').waitFor()
    const id = here(page).get('draft')!
    await edit(page, id)
    return id
  }

  async function edit(page: Page, id: string): Promise<void> {
    await stage.visit(page, `edit?draft=${id}&file=${RESEARCH}`)
    await page.locator(KEPT).waitFor()
    await page.locator('.cm-line').first().waitFor()
  }

  async function append(page: Page, text: string): Promise<void> {
    await page.locator('.cm-content').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.insertText(text)
  }

  async function propose(title: string, method: string): Promise<string> {
    const { page } = wang
    await draft(title)
    await page.locator('[data-element=mobile].cell-line .ant-select').first().click()
    await page.locator(`.ant-select-item-option[title$="${method}"]`).first().click()
    await page.locator('.cm-line', { hasText: `mobile: ${method}` }).waitFor()
    await page.locator(KEPT).waitFor()
    await page.getByRole('link', { name: say['edit.review'] }).click()
    await page.locator('[data-testid=verdict]').waitFor()
    await page.locator('#reason').fill(title)
    await button(page, say['review.send']).click()
    await page.getByTestId('state').waitFor()
    return here(page).get('proposal')!
  }

  async function giveReason(page: Page, reason: string): Promise<void> {
    await modal(page).locator('textarea').fill(reason)
    await modal(page).locator('.ant-modal-footer .ant-btn-dangerous:not([disabled])').click()
    await modal(page).waitFor({ state: 'detached' })
    await settle(page)
  }

  test('an approver refuses and says why; the author is told, mends the same draft and submits it again', async () => {
    const id = await propose('keep it', 'keep')
    await stage.visit(zhao.page, `review?proposal=${id}`)
    await button(zhao.page, say['close.refuse']).click()
    assert.equal(await modal(zhao.page).locator('.ant-btn-dangerous').isDisabled(), true, 'not without a reason')
    await giveReason(zhao.page, 'a phone number is never shown')
    await zhao.page.locator('[data-testid=state][data-state=refused]').waitFor()
    assert.equal(await button(zhao.page, say['review.sign']).count(), 0)
    await shot(zhao.page, `refused-${lang}`)
    await stage.visit(wang.page, 'home')
    const told = say['home.refused'].replace('{reason}', 'a phone number is never shown')
    await wang.page.getByText(told).waitFor()
    await wang.page.getByRole('link', { name: 'keep it' }).click()
    assert.match((await wang.page.getByTestId('closed').textContent()) ?? '', /zhao\.min.*never shown/)
    await button(wang.page, say['close.resume']).click()
    await wang.page.locator('.cm-line').first().waitFor()
    await stage.visit(wang.page, `review?draft=${here(wang.page).get('draft')}`)
    await wang.page.locator('#reason').fill('asked again')
    await button(wang.page, say['review.send']).click()
    await wang.page.locator('[data-testid=state][data-state=draft]').waitFor()
    await stage.visit(wang.page, 'history')
    await wang.page
      .locator('tr', { hasText: 'a phone number is never shown' })
      .getByText(say['action.refused'])
      .first()
      .waitFor()
    await stage.visit(wang.page, `review?proposal=${id}`)
    await button(wang.page, say['close.withdraw']).click()
    await giveReason(wang.page, 'second thoughts')
    await wang.page.locator('[data-testid=state][data-state=withdrawn]').waitFor()
    await stage.visit(zhao.page, 'changes')
    await zhao.page.locator('tr', { hasText: 'keep it' }).getByText(say['state.withdrawn']).waitFor()
  })

  test('a candidate is tried on live traffic: begun by a signature, counted by node, ended', async () => {
    const id = await propose('try it', 'redact')
    const { page } = wang
    await button(page, say['shadow.start']).click()
    await modal(page).locator('.ant-modal-footer .ant-btn-primary:not([disabled])').click()
    await page.getByTestId('shadow-on').waitFor()
    const counts = { bundle: id, calls: 41, skipped: 0, differing: 17, tighter: 17, looser: 0, other: 0, errors: {} }
    const node = { node: 'n1', hash: null, since: '2026-11-20T02:00:00Z', seen: '2026-11-20T02:00:00Z', keyring: 'k' }
    await stage.at.store.attest({ ...node, notes: [], shadow: counts })
    await page.mouse.move(300, 300)
    await page.locator('tr', { hasText: 'n1' }).getByText('41', { exact: true }).waitFor()
    await shot(page, `trial-${lang}`)
    await stage.visit(zhao.page, 'changes')
    await zhao.page.getByRole('link', { name: say['shadow.see'] }).click()
    await zhao.page.getByTestId('shadow-on').waitFor()
    await button(zhao.page, say['shadow.stop']).click()
    await giveReason(zhao.page, 'seen enough')
    await zhao.page.getByTestId('shadow-on').waitFor({ state: 'detached' })
    assert.equal((await stage.at.desk.state()).shadow, null)
    await zhao.page.locator('tr', { hasText: 'n1' }).getByText('41', { exact: true }).waitFor()
  })

  test('two tabs in one file: the later is told, loses nothing by leaving, and decides', async () => {
    const id = await draft('two tabs')
    const first = wang.page
    const second = await wang.context.newPage()
    await edit(second, id)
    await append(second, '\n# the second tab')
    await second.locator(KEPT).waitFor()
    await append(first, '\n# the first tab')
    await first.locator(CONFLICT).waitFor()
    await first.getByRole('link', { name: say['edit.review'] }).click()
    await first.getByTestId('unkept').waitFor()
    assert.equal(await first.locator('#reason').count(), 0, 'nothing is submitted without it')
    await first.goBack()
    await first.locator(CONFLICT).waitFor()
    await first.locator('.cm-line', { hasText: '# the first tab' }).waitFor()
    // typing on writes nothing over the other's text
    await append(first, ' typed on')
    await first.waitForTimeout(1200)
    const text = () => stage.at.workshop.draftFile(id, RESEARCH)?.text ?? ''
    assert.match(text(), /# the second tab/)
    await button(first, say['edit.mine']).click()
    await first.locator(KEPT).waitFor()
    assert.match(text(), /# the first tab typed on/)
    await second.close()
  })

  test('a session that ends in the middle of a line: the line is there after signing in again', async () => {
    const id = await draft('ends')
    const { page, context } = wang
    await context.clearCookies()
    await append(page, '\n# typed as it ended')
    await page.locator('#name').waitFor()
    await page.getByText(say['signIn.expired']).waitFor()
    const secret = wang.secret
    await page.locator('#name').fill('wang.fang')
    await page.locator('#password').fill(PASSWORD)
    await page.locator('#totp').fill(stage.code(secret))
    await page.locator('button[type=submit]').click()
    await page.locator('.cm-line', { hasText: '# typed as it ended' }).waitFor()
    await page.locator(KEPT).waitFor()
    assert.match(stage.at.workshop.draftFile(id, RESEARCH)?.text ?? '', /# typed as it ended/)
  })

  test('a preview that is asked for nothing shows a before and an after', async () => {
    const { page } = wang
    await stage.visit(page, 'preview')
    await page.locator('section.text-side').nth(1).locator('[data-element=mobile]').waitFor()
    assert.equal((await page.locator('.value.replaced').count()) > 1, true)
  })

  test('the menu stands on ground as tall as the page', async () => {
    const { page } = wang
    await stage.visit(page, 'history')
    const [side, whole] = (await page.evaluate(
      "[document.querySelector('nav.side').getBoundingClientRect().bottom + scrollY, document.documentElement.scrollHeight]",
    )) as [number, number]
    assert.ok(whole > 900, 'a page longer than the screen')
    assert.ok(whole - side <= 1, `${whole - side} px of page below the menu`)
  })

  if (lang === 'zh')
    test('a failing compiler and failing tests speak Chinese about an English file', async () => {
      await draft('words')
      const { page } = wang
      await append(page, '\nnothing: known')
      const proof = page.getByTestId('proof')
      await proof.locator('.ant-alert-error').waitFor()
      assert.match((await proof.textContent()) ?? '', /未知的键“nothing”/)
      const tests = await draft('tests')
      await stage.visit(page, `edit?draft=${tests}&file=policies/research.test.yaml`)
      await page.locator(KEPT).waitFor()
      await append(page, '- sample: samples/inpatient.json\n  at: 2026-11-21\n  expect: { mobile: unchanged }\n')
      await proof.locator('.ant-alert-error', { hasText: '手机号' }).waitFor()
      const said = (await proof.locator('.ant-alert-error').textContent()) ?? ''
      assert.match(said, /“手机号”被改变 应为： 不变/)
      assert.doesNotMatch(said, /\b(?:error|expected|was changed)\b/)
    })

  test('no page broke', () => {
    // a session that ended is refused, and the browser says so
    assert.deepEqual([...wang.faults, ...zhao.faults], [])
  })
}
