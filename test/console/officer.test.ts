/**
 * The officer's story in a real browser against the real console, in Chinese and in English: she finds why the county
 * hospital's researcher sees a phone number, tightens it, sees what that does, releases it alone; she loosens another
 * cell and cannot; a second person signs; she goes back.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import en from '../../src/console/web/i18n/en.json' with { type: 'json' }
import zh from '../../src/console/web/i18n/zh.json' with { type: 'json' }
import { type BuiltFile, buildConsole, NO_BROWSER, type Person, Stage, settle, shot } from './fixtures/pages.ts'

const PHONE = '13800138000'
const TEXTS = { zh, en }

describe('the officer', { skip: NO_BROWSER }, () => {
  let build: BuiltFile[] = []
  before(() => {
    build = buildConsole()
  })
  for (const lang of ['zh', 'en'] as const) story(lang, () => build)
})

function story(lang: 'zh' | 'en', built: () => BuiltFile[]): void {
  const say = TEXTS[lang]
  describe(lang, () => {
    let stage: Stage
    let wang: Person
    let zhao: Person
    let first = ''

    before(async () => {
      stage = await Stage.open(built())
      wang = await stage.person('wang.fang', '王芳', ['editor', 'approver'], lang)
      zhao = await stage.person('zhao.min', '赵敏', ['approver'], lang)
      await stage.enrolKey(wang)
      await stage.enrolKey(zhao)
      first = (await stage.at.desk.state()).active!.hash
    })
    after(() => stage.close())

    const button = (person: Person, name: string) => person.page.getByRole('button', { name, exact: true })
    const active = async () => (await stage.at.desk.state()).active!.hash

    test('finds the line behind the cell, and sees it on a sample', async () => {
      const { page } = wang
      await stage.visit(page, 'matrix?role=researcher')
      await page.getByRole('searchbox').fill('mobile')
      const cell = page.getByRole('gridcell')
      assert.equal(await cell.count(), 1)
      await cell.focus()
      await page.keyboard.press('Enter')
      assert.equal(await page.getByTestId('deciding-line').textContent(), 'policies/research.yaml:8')
      assert.match((await page.locator('.deciding').textContent()) ?? '', /mobile: mask/)
      await shot(page, `story-1-cell-${lang}`)
      await page.getByRole('link', { name: say['cell.preview'] }).click()
      const masked = page.locator('section.text-side').nth(1).locator('[data-element=mobile]')
      await masked.waitFor()
      assert.equal(await masked.textContent(), '138****8000')
      assert.equal(
        await page.locator('section.text-side').first().locator('[data-element=mobile]').textContent(),
        PHONE,
      )
      assert.equal(await page.getByTestId('deciding-line').textContent(), 'policies/research.yaml:8')
      await shot(page, `story-2-preview-${lang}`)
    })

    test('tightens it by form; the text follows and its comment stays', async () => {
      const { page } = wang
      await stage.visit(page, 'matrix?role=researcher')
      await page.getByRole('searchbox').fill('mobile')
      await page.getByRole('gridcell').click()
      await button(wang, say['draft.editLine']).click()
      await button(wang, say['draft.go']).click()
      const line = page.locator('[data-element=mobile].cell-line')
      await line.locator('.ant-select').first().click()
      await page.locator('.ant-select-item-option[title$="drop"]').click()
      await page.locator('[data-testid=keeping][data-state=kept]').waitFor()
      await page.locator('.cm-line', { hasText: /mobile: drop\s+# the county's researcher sees this/ }).waitFor()
      await page.locator('[data-testid=proof] .ant-alert-success').nth(1).waitFor()
      await shot(page, `story-3-edit-${lang}`)
      await page.reload()
      await page.locator('.cm-line', { hasText: 'mobile: drop' }).waitFor()
    })

    test('sees that nothing of the number is left', async () => {
      const { page } = wang
      await page.getByRole('link', { name: say['nav.preview'], exact: true }).last().click()
      await stage.visit(page, `${await here(wang)}&role=researcher&scenario=research&element=mobile`)
      const after = page.locator('section.text-side').nth(1).locator('pre')
      await after.waitFor()
      assert.ok(!((await after.textContent()) ?? '').includes('138'), 'no digit of the number leaves')
      assert.match((await page.getByTestId('preview-counts').textContent()) ?? '', /\d/)
    })

    test('releases the tightening alone', async () => {
      const { page } = wang
      const draft = new URLSearchParams((await here(wang)).split('?')[1]).get('ref')!
      await stage.visit(page, `review?draft=${draft}`)
      await page.locator('[data-testid=verdict][data-class=tighter]').waitFor()
      await page.locator('#reason').fill('hide mobile numbers from research')
      await button(wang, say['review.send']).click()
      await sign(wang)
      await shot(page, `story-4-signed-${lang}`)
      await button(wang, say['review.activate']).click()
      await page.locator('[data-state=active]').waitFor()
      assert.notEqual(await active(), first)
      await shot(page, `story-5-active-${lang}`)
    })

    test('loosens another cell by text, and cannot release it alone', async () => {
      const { page } = wang
      await stage.visit(page, 'drafts')
      await page.locator('#title').fill('ward wants the number')
      await button(wang, say['draft.begin']).click()
      await page.locator('.cm-content').waitFor()
      await stage.visit(page, `${await here(wang)}&file=policies/research.yaml`)
      const text = page.locator('.cm-line', { hasText: 'resident-id: redact' })
      await text.click()
      await page.keyboard.press('End')
      for (let n = 0; n < 'redact'.length; n++) await page.keyboard.press('Backspace')
      await page.keyboard.type('maks')
      // the compiler's own problem, at its line, while it is being typed
      await page.locator('[data-testid=proof] .ant-alert-error').waitFor()
      await page.locator('.cell-line.wrong').waitFor()
      await shot(page, `story-6-problem-${lang}`)
      for (let n = 0; n < 'maks'.length; n++) await page.keyboard.press('Backspace')
      await page.keyboard.type('mask')
      await page.keyboard.press('Escape')
      await page.locator('[data-testid=keeping][data-state=kept]').waitFor()
      await page
        .locator('[data-testid=proof] .ant-alert-success, [data-testid=proof] .ant-alert-warning')
        .first()
        .waitFor()
      await page.getByRole('link', { name: say['edit.review'] }).click()
      await page.locator('[data-testid=verdict][data-class=looser]').waitFor()
      await shot(page, `story-7-looser-${lang}`)
      await page.locator('#reason').fill('ward asks for the last digits')
      await button(wang, say['review.send']).click()
      await page.getByTestId('own-loosening').waitFor()
      const before = await active()
      await sign(wang)
      assert.equal(await button(wang, say['review.activate']).count(), 0)
      assert.equal(await active(), before)
      await shot(page, `story-8-alone-${lang}`)
    })

    test('a second person signs, and it takes effect', async () => {
      const { page } = zhao
      await stage.visit(page, 'home')
      await page.getByRole('link', { name: 'ward asks for the last digits' }).click()
      await settle(page)
      const before = await active()
      await sign(zhao)
      await button(zhao, say['review.activate']).click()
      await page.locator('[data-state=active]').waitFor()
      assert.notEqual(await active(), before)
      await shot(page, `story-9-second-${lang}`)
    })

    test('goes back to the first rules', async () => {
      const { page } = wang
      await stage.visit(page, 'history')
      await page
        .locator('tr', { hasText: first.slice('sha256:'.length, 'sha256:'.length + 10) })
        .getByRole('button', { name: say['history.back'] })
        .click()
      const modal = page.locator('.ant-modal')
      await modal.locator('[data-testid=verdict]').waitFor()
      await modal.locator('textarea').fill('the ward was wrong')
      await shot(page, `story-10-back-${lang}`)
      await modal.locator('.ant-modal-footer .ant-btn-dangerous').click()
      await modal.waitFor({ state: 'detached' })
      await settle(page)
      assert.equal(await active(), first)
      await shot(page, `story-11-history-${lang}`)
    })

    test('no page broke, asked elsewhere or had a style refused', () => {
      assert.deepEqual(wang.faults, [])
      assert.deepEqual(zhao.faults, [])
    })

    async function sign(person: Person): Promise<void> {
      await button(person, say['review.sign']).click()
      const modal = person.page.locator('.ant-modal')
      await modal.locator('.ant-modal-footer .ant-btn-primary:not([disabled])').click()
      await modal.waitFor({ state: 'detached' })
      await settle(person.page)
    }
  })
}

const here = async ({ page }: Person): Promise<string> => new URL(page.url()).hash.slice(2)
