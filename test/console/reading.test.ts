/** What a Chinese reader is told where a code or nothing would leave her guessing. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import zh from '../../src/console/web/i18n/zh.json' with { type: 'json' }
import { nextEntry } from '../../src/release/history.ts'
import { Officer } from './fixtures/officer.ts'
import { NO_BROWSER, Stage } from './fixtures/pages.ts'
import { RULE_FILES } from './fixtures/rules.ts'

describe('what a reader is told', { skip: NO_BROWSER, timeout: 300_000 }, () => {
  let stage: Stage
  let wang: Officer
  before(async () => {
    stage = await Stage.open()
    wang = new Officer(stage, await stage.person('wang.fang', '王芳', ['editor'], 'zh'), 'zh', 'reading')
  })
  after(() => stage?.close())

  test('an entry of the history that proves nothing is struck out, with why, and leads nowhere', async () => {
    const { desk, store, clock } = stage.at
    const { active } = await desk.state()
    const forged = { kind: 'activated', who: 'mallory', why: 'forged', bundle: active, class: 'tighter' } as const
    const rest = { parent: active!.hash, statements: [], alarm: false, at: new Date(clock.now).toISOString() }
    assert.ok(await store.append(nextEntry({ ...forged, ...rest }, await store.head())))
    await wang.visit('history')
    const row = wang.page.locator('tr', { hasText: 'mallory' })
    assert.equal(await row.getByTestId('unproved').textContent(), zh['history.unproved'])
    assert.match((await row.textContent()) ?? '', /签名人数不足/)
    assert.doesNotMatch((await row.textContent()) ?? '', /forged|收紧/)
    assert.equal(await row.getByRole('button').or(row.getByRole('link')).count(), 0)
    await wang.page.getByText(zh['history.unprovedAbout']).waitFor()
  })

  test('a refused preview says why; the finds of a sample have names', async () => {
    const { page } = wang
    await wang.visit('preview')
    await page.getByText(zh['preview.paste'], { exact: true }).click()
    const field = page.getByRole('textbox', { name: zh['preview.paste'] })
    await field.fill('{"xm":')
    const refusal = page.locator('.ant-alert-warning', { hasText: 'PAYLOAD_UNPARSEABLE' })
    assert.match((await refusal.textContent()) ?? '', /网关会拒绝这份报文：\s*\p{Script=Han}{2}/u)
    assert.equal(await page.locator('.legend').count(), 0, 'nothing is marked, so no marks are explained')
    await field.fill('{"sjh":"13800138000"}')
    await wang.button(zh['sample.save']).click()
    await page.getByRole('textbox', { name: zh['sample.title'] }).fill('样例')
    await wang.button(zh['sample.keep']).click()
    await page.locator('.ant-modal .ant-tag', { hasText: `${zh['detector.mobile']} × 1` }).waitFor()
    await wang.page.keyboard.press('Escape')
  })

  test('a day is asked for, and refused, in the language of the page', async () => {
    await wang.visit('preview')
    const day = wang.page.getByRole('textbox', { name: zh['field.at'] })
    assert.equal(await day.getAttribute('placeholder'), zh['date.form'])
    await day.fill('2026-02-30')
    await day.blur()
    await wang.page.getByRole('alert').getByText(zh['date.wrong']).waitFor()
    assert.doesNotMatch(wang.here(), /at=/)
    await day.fill('2026/11/20')
    await wang.page.waitForURL(/at=2026-11-20/)
    await wang.page.getByText(zh['date.wrong']).waitFor({ state: 'detached' })
  })

  test('a batch finds its draft and its columns on its own page', async () => {
    await wang.visit('dictionaries')
    await wang.button(zh['dictionary.begin']).click()
    await wang.page.getByText(/必须有：术语、替换、状态、编写人、审批人。/).waitFor()
    const [file] = await Promise.all([
      wang.page.waitForEvent('download'),
      wang.button(zh['dictionary.download']).first().click(),
    ])
    assert.match(file.suggestedFilename(), /^[a-z-]+\.csv$/)
  })

  test('a tightening that rule tests do not expect tells what to do about it', async () => {
    await wang.visit('drafts')
    await wang.page.locator('#title').fill('自测')
    await wang.button(zh['draft.begin']).click()
    await wang.page.locator('[data-testid=keeping][data-state=kept]').waitFor()
    await wang.visit(`${wang.here()}&file=policies/research.test.yaml`)
    await wang.page.getByText(zh['edit.textAbout']).waitFor()
    await wang.page.locator('.cm-line', { hasText: 'inpatient-no: removed' }).first().click()
    await wang.page.keyboard.press('End')
    for (let n = 0; n < 'removed }'.length; n++) await wang.page.keyboard.press('Backspace')
    await wang.page.keyboard.insertText('unchanged }')
    await wang.page.getByText(zh['proof.testsAbout']).waitFor()
  })

  test('a change of parameters is told in the words of the form', async () => {
    const files = RULE_FILES.map((file) => ({
      ...file,
      text: file.text.replace('mobile: mask ', 'mobile: { method: mask, first: 3, last: 2 } '),
    }))
    const { bundle } = await stage.at.desk.submit({ files, author: 'lin.wei', why: '少留两位' })
    await wang.visit(`review?proposal=${bundle!.id}`)
    const row = wang.page.locator('tr', { hasText: '手机号' }).first()
    await row.getByText('掩码 前几位 3 · 后几位 2', { exact: true }).waitFor({ timeout: 10_000 })
    assert.doesNotMatch((await row.textContent()) ?? '', /first|last|char|[{}]/)
  })

  test('callers that no line names are told as such, and institutions by name', async () => {
    const change = (text: string) =>
      text
        .replace(', scenarios: [research] }', ' }')
        .replace(
          'diagnosis: { method: substitute, dictionary: diagnosis, otherwise: redact }',
          'diagnosis: [{ when: { institutions: [county] }, method: drop }, { method: redact }]',
        )
    const files = RULE_FILES.map((file) =>
      file.path === 'policies/research.yaml' ? { ...file, text: change(file.text) } : file,
    )
    const { bundle, problems } = await stage.at.desk.submit({ files, author: 'lin.wei', why: '任何场景' })
    assert.ok(bundle !== null, JSON.stringify(problems.filter((each) => each.severity === 'error')))
    await wang.visit(`review?proposal=${bundle.id}`)
    const table = wang.page.locator('.data-table', { hasText: zh['diff.before'] })
    await table
      .getByText(/科研人员 \/ 其他场景/)
      .first()
      .waitFor({ timeout: 10_000 })
    await table
      .getByText(/科研人员 \/ 科研（县医院）/)
      .first()
      .waitFor({ timeout: 10_000 })
    assert.doesNotMatch((await table.textContent()) ?? '', / \*|\* |@/)
  })

  test('a draft that is being checked says so, and then what became of it', async () => {
    await wang.loosens('待提交的')
    const draft = new URLSearchParams(wang.here().split('?')[1]).get('draft')!
    const { desk } = stage.at
    const real = desk.submit.bind(desk)
    const { promise: judged, resolve: judge } = Promise.withResolvers<void>()
    desk.submit = async (given) => {
      desk.submit = real
      await judged
      return real(given)
    }
    await wang.visit(`review?draft=${draft}`)
    await wang.page.locator('#reason').fill('病区需要')
    await wang.button(zh['review.send']).click()
    const beside = await wang.person.context.newPage()
    await stage.visit(beside, `edit?draft=${draft}`)
    await beside.getByText(zh['draft.judged']).waitFor()
    await stage.visit(beside, 'drafts')
    await beside.locator('tr', { hasText: '待提交的' }).getByText(zh['draft.judging'], { exact: true }).waitFor()
    await stage.visit(beside, `review?draft=${draft}`)
    await beside.getByTestId('judged').waitFor()
    judge()
    await beside.getByText(zh['review.submitted']).waitFor()
    await stage.visit(beside, `edit?draft=${draft}`)
    await beside.getByText(zh['draft.closed']).waitFor()
    await beside.close()
  })

  test('a row that leads nowhere does not look as if it did', async () => {
    await wang.visit('history')
    const cell = wang.page.locator('.data-table td > .cell').first()
    await cell.hover()
    const shown = "getComputedStyle(document.querySelector('.data-table td > .cell'))"
    const looks = await wang.page.evaluate(`[${shown}.cursor, ${shown}.boxShadow]`)
    assert.deepEqual(looks, ['auto', 'none'])
  })

  test('no page broke', () => assert.deepEqual(wang.person.faults, []))
})
