/**
 * The officer's story in a real browser against the real console, in Chinese and in English: she finds why the county
 * hospital's researcher sees a phone number, tightens it, sees what that does, releases it alone; she loosens another
 * cell and cannot; a second person signs; she goes back.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Officer } from './fixtures/officer.ts'
import { type BuiltFile, buildConsole, NO_BROWSER, Stage } from './fixtures/pages.ts'

const WARD = 'ward asks for the last digits'

describe('the officer', { skip: NO_BROWSER }, () => {
  let build: BuiltFile[] = []
  before(() => {
    build = buildConsole()
  })
  for (const lang of ['zh', 'en'] as const) describe(lang, () => story(lang, () => build))
})

function story(lang: 'zh' | 'en', built: () => BuiltFile[]): void {
  let stage: Stage
  let wang: Officer
  let zhao: Officer
  let first = ''

  before(async () => {
    stage = await Stage.open(built())
    const fang = await stage.person('wang.fang', '王芳', ['editor', 'approver'], lang)
    const min = await stage.person('zhao.min', '赵敏', ['approver'], lang)
    await stage.enrolKey(fang)
    await stage.enrolKey(min)
    wang = new Officer(stage, fang, lang, 'story')
    zhao = new Officer(stage, min, lang, 'second')
    first = await active()
  })
  after(() => stage.close())

  const active = async () => (await stage.at.desk.state()).active!.hash

  test('finds the line behind the cell, and sees it on a sample', async () => {
    await wang.findsTheLine()
    const before = wang.page.locator('section.text-side').first().locator('[data-element=mobile]')
    assert.equal(await before.textContent(), '13800138000')
  })

  test('tightens it by form; the text follows, its comment stays, and so does all of it after a reload', async () => {
    await wang.tightens()
    await wang.page.reload()
    await wang.page.locator('.cm-line', { hasText: 'mobile: drop' }).waitFor()
  })

  test('sees that nothing of the number is left', () => wang.seesNothingOfTheNumber())

  test('releases the tightening alone', async () => {
    await wang.submits('tighter', 'hide mobile numbers from research')
    await wang.signs()
    await wang.activates()
    await wang.seesItActive()
    assert.notEqual(await active(), first)
  })

  test('loosens another cell by text, and cannot release it alone', async () => {
    await wang.loosens('ward wants the number', async () => {
      // the compiler's own problem, at its line, while it is being typed
      await wang.page.locator('[data-testid=proof] .ant-alert-error').first().waitFor()
      await wang.page.locator('.cell-line.wrong').waitFor()
      await wang.shot('problem')
    })
    await wang.submits('looser', WARD)
    const before = await active()
    await wang.signs()
    await wang.cannotRelease()
    assert.equal(await active(), before)
  })

  test('a second person signs, and it takes effect', async () => {
    const before = await active()
    await zhao.opens(WARD)
    await zhao.signs()
    await zhao.activates()
    await zhao.seesItActive()
    assert.notEqual(await active(), before)
  })

  test('goes back to the first rules', async () => {
    await wang.goesBack(first, 'the ward was wrong', (click) => click())
    assert.equal(await active(), first)
  })

  test('no page broke, asked elsewhere or had a style refused', () => {
    assert.deepEqual([wang.person.faults, zhao.person.faults], [[], []])
  })
}
