/**
 * X66 in the browser: whatever a term, a title, a reason or a pasted text holds is shown as text. The policy of the page
 * refuses a script or a style that got in all the same, and the page does not leave with a pasted text.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import zh from '../../src/console/web/i18n/zh.json' with { type: 'json' }
import { signStatement } from '../../src/release/jws.ts'
import { NO_BROWSER, type Person, Stage, settle } from './fixtures/pages.ts'
import { RULE_FILES } from './fixtures/rules.ts'

const SCRIPT = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>'
const FORMULA = '=HYPERLINK("http://192.0.2.1","x")'

describe('X66: hostile texts in the console', { skip: NO_BROWSER }, () => {
  let stage: Stage
  let officer: Person
  let draft = ''
  before(async () => {
    stage = await Stage.open()
    officer = await stage.person('wang.fang', SCRIPT.slice(0, 60), ['editor'], 'en')
  })
  after(() => stage.close())

  const unhurt = async () => assert.equal(await officer.page.evaluate('window.hurt'), undefined)

  test('a title and a name are text', async () => {
    const { page } = officer
    await stage.visit(page, 'drafts')
    await page.locator('#title').fill(SCRIPT)
    await page.locator('form button[type=submit]').click()
    await page.locator('.cell-line').first().waitFor()
    draft = new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('draft')!
    assert.equal(await page.locator('main h1').textContent(), SCRIPT)
    await stage.visit(page, 'drafts')
    await page.getByText(SCRIPT).first().waitFor()
    await unhurt()
  })

  test('a dictionary term is text, before and after it is in the draft', async () => {
    const { page } = officer
    await stage.visit(page, `dictionaries?draft=${draft}`)
    const csv = `term,replacement,status,author,approver\n"${SCRIPT.replaceAll('"', '""')}",ok,active,zhang,li\n"${FORMULA.replaceAll('"', '""')}",fine,active,zhang,li\n`
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'terms.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    const batch = page.getByTestId('batch')
    await batch.waitFor()
    await settle(page)
    const shown = (await batch.textContent()) ?? ''
    assert.ok(shown.includes(SCRIPT) || shown.includes('<img'), shown)
    assert.equal(await batch.locator('img, script').count(), 0)
    await unhurt()
  })

  test('a dictionary that is downloaded holds nothing a spreadsheet runs', async () => {
    const { page } = officer
    const path = 'dictionaries/diagnosis.csv'
    const { text } = stage.at.workshop.draftFile(draft, path)!
    const hostile = `${text}"${FORMULA.replaceAll('"', '""')}",@SUM(1),active,zhang,li\n`
    assert.ok(stage.at.workshop.putDraftFile(draft, path, text, hostile, '2026-11-20T02:00:00Z'))
    await stage.visit(page, `dictionaries?draft=${draft}`)
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).first().click(),
    ])
    const saved = readFileSync(await file.path(), 'utf8')
    assert.ok(saved.includes(`"'=HYPERLINK(""http`) && saved.includes(`,'@SUM(1),`), saved)
    assert.doesNotMatch(saved, /(?:^|[,\n])"?[=@]/)
  })

  test('a reason is text: of a proposal, of its withdrawal, and in the history', async () => {
    const { page } = officer
    const { desk } = stage.at
    const files = RULE_FILES.map((f) => ({ ...f, text: f.text.replace('mobile: mask', 'mobile: drop') }))
    const { bundle } = await desk.submit({ files, author: 'wang.fang', why: SCRIPT })
    await stage.visit(page, `review?proposal=${bundle!.id}`)
    assert.equal(await page.locator('main h1').textContent(), SCRIPT)
    await page.getByRole('button', { name: 'Withdraw', exact: true }).click()
    await page.locator('.ant-modal textarea').fill(SCRIPT)
    await page.locator('.ant-modal-footer .ant-btn-dangerous').click()
    const closed = page.getByTestId('closed')
    await closed.waitFor()
    assert.ok(((await closed.textContent()) ?? '').includes(SCRIPT))
    for (const where of ['changes', 'history', 'home']) {
      await stage.visit(page, where)
      assert.equal(await page.locator('main img, main script').count(), 0, where)
    }
    await stage.visit(page, 'history')
    assert.equal(await page.locator('td', { hasText: SCRIPT }).count(), 2)
    await unhurt()
  })

  test('a pasted text is shown, and neither kept nor asked for again', async () => {
    const { page } = officer
    const asked: string[] = []
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
    await stage.visit(page, 'preview?role=researcher&scenario=research')
    await page.locator('.ant-radio-button-wrapper').nth(1).click()
    const text = JSON.stringify({ brxm: SCRIPT, sjh: '13912345678' })
    await page.locator('textarea').fill(text)
    const after = page.locator('section.text-side').nth(1)
    await after.locator('[data-element=mobile]').waitFor()
    assert.equal(await after.locator('[data-element=mobile]').textContent(), '139****5678')
    assert.ok(((await page.locator('section.text-side pre').first().textContent()) ?? '').includes('13912345678'))
    assert.ok(asked.every((line) => !line.includes('13912345678')))
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie])',
    )
    assert.ok(!(kept as string).includes('13912345678'), 'nothing of it in the browser')
    await page.reload()
    await page.locator('main h1').waitFor()
    assert.ok(!((await page.locator('body').textContent()) ?? '').includes('13912345678'), 'gone with a reload')
    await unhurt()
  })

  test('a text longer than a preview takes is refused whole, by size and bound; nothing of it is cut or sent', async () => {
    const { page } = officer
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.postData() ?? ''))
    await stage.visit(page, 'preview?role=researcher&scenario=research')
    await page.locator('.ant-radio-button-wrapper').nth(1).click()
    const area = page.locator('textarea')
    await area.fill('{"sjh":"13912345678"}')
    await page.locator('section.text-side [data-element=mobile]').first().waitFor()
    await area.fill(`{"sjh":"${'7'.repeat(1_048_576)}"}`)
    const told = page.getByText('This text has 1,048,586 characters; a preview takes at most 1,048,576.')
    await told.waitFor()
    assert.equal(await area.inputValue(), '{"sjh":"13912345678"}', 'what stood there stays')
    await area.fill('{"sjh":"13812345678"}')
    await told.waitFor({ state: 'detached' })
    await page.getByText('138****5678').first().waitFor()
    assert.ok(asked.every((body) => !body.includes('7777777777')))
  })

  test('a sample one saved is deleted where it is chosen; those of the rules are not', async () => {
    const { page } = officer
    const drop = page.getByRole('button', { name: 'Delete this sample', exact: true })
    await stage.visit(page, 'preview?role=researcher&scenario=research')
    await page.locator('section.text-side').first().waitFor()
    assert.equal(await drop.count(), 0)
    const { id: by } = stage.at.accounts.accountNamed('wang.fang')!
    const sample = { id: 'm'.repeat(26), title: SCRIPT, format: 'json', text: '{"sjh":"13800138000"}' }
    stage.at.workshop.addSample({ ...sample, by, at: '2026-11-20T02:00:00Z' })
    await page.goto('about:blank')
    await stage.visit(page, `preview?role=researcher&scenario=research&sample=${sample.id}`)
    await drop.click()
    await page.locator('.ant-popover:visible').getByText(SCRIPT).waitFor()
    await page.locator('.ant-popover:visible .ant-btn-dangerous').click()
    await drop.waitFor({ state: 'detached' })
    assert.equal(stage.at.workshop.sample(sample.id), null)
    await unhurt()
  })

  test('names the rules give to elements, institutions and interfaces, a role and a sample are text on every page', async () => {
    const { page } = officer
    const { desk, keys, workshop } = stage.at
    const evil = (n: number) => `<img src=x${n} onerror=window.hurt=1>`
    const files = RULE_FILES.map((f) => ({
      ...f,
      text: f.text
        .replace('mobile: { zh: 手机号', `mobile: { zh: "${evil(1)}"`)
        .replace('teaching: { zh: 附属医院', `teaching: { zh: "${evil(2)}"`)
        .replace('his.inpatient: { zh: 住院病历', `his.inpatient: { zh: "${evil(3)}"`)
        .replace('手机号: 遮蔽', 'mobile: 遮蔽'),
    }))
    const { bundle, problems } = await desk.submit({ files, author: 'lin.wei', why: 'names' })
    assert.ok(bundle !== null, JSON.stringify(problems.filter((each) => each.severity === 'error')))
    for (const key of [keys.lin, keys.chen]) {
      const { claims } = await desk.prepare({ act: 'release', id: bundle.id, why: 'x' })
      await desk.approve(await signStatement(claims, key, key.key))
    }
    assert.equal((await desk.activate(bundle.id, 'lin.wei', 'x')).released, true)
    const sample = { id: 's'.repeat(26), title: evil(4), format: 'json', text: '{"sjh":"13800138000"}' }
    workshop.addSample({ ...sample, by: 'x'.repeat(26), at: '2026-11-20T02:00:00Z' })
    await page.getByText('中文', { exact: true }).click()
    await stage.visit(page, 'matrix')
    await page.getByText(evil(1)).first().waitFor()
    await page.getByText(evil(1)).first().locator('xpath=ancestor::tr').getByRole('gridcell').first().click()
    await page.locator('.ant-drawer-body').getByText(evil(1)).first().waitFor()
    await stage.visit(page, `preview?sample=${sample.id}&role=researcher&scenario=research&element=mobile`)
    await page.locator('.picked').getByText(evil(1)).waitFor()
    for (const [field, text] of [
      ['institution', evil(2)],
      ['interface', evil(3)],
      ['sample', evil(4)],
    ] as const) {
      await page.getByRole('combobox', { name: zh[`field.${field}`] }).click()
      await page.locator('.ant-select-dropdown:visible').getByText(text).first().waitFor()
      await page.keyboard.press('Escape')
    }
    await stage.visit(page, `edit?draft=${draft}`)
    assert.equal(await page.locator('img[src^=x]').count(), 0)
    await unhurt()
  })

  test('the policy refuses a script, a style and a request that got in', async () => {
    const { page } = officer
    const refused = (await page.evaluate(`new Promise((done) => {
      const seen = []
      document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective))
      const script = document.createElement('script')
      script.textContent = 'window.hurt = 1'
      document.body.append(script)
      const style = document.createElement('style')
      style.textContent = 'body { display: none }'
      document.head.append(style)
      fetch('https://192.0.2.1/').catch(() => {})
      setTimeout(() => done(seen), 300)
    })`)) as string[]
    for (const directive of ['script-src-elem', 'style-src-elem', 'connect-src'])
      assert.ok(refused.includes(directive), directive)
    await unhurt()
  })
})
