/** Whatever opens over a page, open: axe-core finds nothing serious in it, wide and narrow, in both languages. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import en from '../../src/console/web/i18n/en.json' with { type: 'json' }
import zh from '../../src/console/web/i18n/zh.json' with { type: 'json' }
import { keyId } from '../../src/release/approvers.ts'
import { signStatement } from '../../src/release/jws.ts'
import { PASSWORD } from './fixtures/console.ts'
import { examine, SIZES } from './fixtures/examine.ts'
import { type BuiltFile, buildConsole, NO_BROWSER, type Person, Stage, settle } from './fixtures/pages.ts'
import { RULE_FILES } from './fixtures/rules.ts'

const TEXTS = { zh, en }
type Say = typeof zh

const DIALOG = '.ant-modal:visible'
const DRAWER = '.ant-drawer-content:visible, .ant-drawer-section:visible'
const SAMPLE = 'm'.repeat(26)
const POPOVER = '.ant-popover:visible'

interface Opening {
  readonly name: string
  readonly where: string
  readonly only?: number
  /** what must be seen before it is looked at */
  readonly shows: string
  readonly open: (page: Page, say: Say) => Promise<unknown>
}

const nothing = async () => {}
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click()

describe('dialogs and drawers', { skip: NO_BROWSER, timeout: 400_000 }, () => {
  let build: BuiltFile[] = []
  before(() => {
    build = buildConsole()
  })
  for (const lang of ['zh', 'en'] as const) {
    describe(lang, () => {
      let stage: Stage
      let wang: Person
      let admin: Person
      let others = ''
      let own = ''
      let draft = ''
      let broken = ''
      let refused = ''
      before(async () => {
        stage = await Stage.open(build)
        wang = await stage.person('wang.fang', '王芳', ['editor', 'approver'], lang)
        await stage.enrolKey(wang)
        admin = await stage.person('the.admin', '李强', ['admin'], lang)
        others = await submitted(stage, 'drop', 'lin.wei')
        await release(stage, others)
        others = await submitted(stage, 'keep', 'lin.wei')
        own = await submitted(stage, 'redact', 'wang.fang')
        refused = await submitted(stage, 'pseudonym', 'wang.fang')
        await refuse(stage, refused)
        const { id: by } = stage.at.accounts.accountNamed('wang.fang')!
        const sample = { id: SAMPLE, title: 'own', format: 'json', text: '{"sjh":"13800138000"}', by }
        stage.at.workshop.addSample({ ...sample, at: '2026-11-20T02:00:00Z' })
        draft = await draftOf(stage, wang)
        broken = await draftOf(stage, wang)
        expectWrong(stage, broken)
      })
      after(() => stage.close())

      const openings = (): readonly Opening[] => [
        {
          name: 'cell-drawer',
          where: 'matrix',
          shows: DRAWER,
          open: (page) => page.getByRole('gridcell').first().click(),
        },
        {
          name: 'edit-in-draft',
          where: 'matrix',
          shows: DIALOG,
          open: async (page, say) => {
            await page.getByRole('gridcell').first().click()
            await press(page, say['draft.editLine'])
          },
        },
        {
          name: 'sign',
          where: `review?proposal=${others}`,
          shows: DIALOG,
          open: (p, say) => press(p, say['review.sign']),
        },
        {
          name: 'refuse',
          where: `review?proposal=${others}`,
          shows: DIALOG,
          open: (p, say) => press(p, say['close.refuse']),
        },
        {
          name: 'withdraw',
          where: `review?proposal=${own}`,
          shows: DIALOG,
          open: (p, say) => press(p, say['close.withdraw']),
        },
        {
          name: 'trial',
          where: `review?proposal=${own}`,
          shows: DIALOG,
          open: (p, say) => press(p, say['shadow.start']),
        },
        {
          name: 'rollback',
          where: 'history',
          shows: `${DIALOG} [data-testid=verdict]`,
          open: (p, say) => press(p, say['history.back']),
        },
        {
          name: 'save-sample',
          where: 'preview',
          shows: `${DIALOG} .refusal`,
          open: async (page, say) => {
            await page.getByText(say['preview.paste'], { exact: true }).click()
            await page.locator('textarea').fill('{"sjh":"13800138000"}')
            await press(page, say['sample.save'])
            await page.locator('.ant-modal input').first().fill('look')
            await page.locator('.ant-modal .ant-checkbox-input').waitFor()
            await page.locator('.ant-modal-footer .ant-btn-primary').click()
          },
        },
        {
          name: 'too-long',
          where: 'preview',
          shows: '.paste .ant-alert-error',
          open: async (page, say) => {
            await page.getByText(say['preview.paste'], { exact: true }).click()
            await page.locator('textarea').fill('x'.repeat(1_048_577))
          },
        },
        {
          name: 'drop-sample',
          where: `preview?sample=${SAMPLE}&role=researcher&scenario=research`,
          shows: POPOVER,
          open: (p, say) => press(p, say['sample.dropShort']),
        },
        {
          name: 'full',
          where: 'drafts',
          shows: '.refusal',
          open: async (page, say) => {
            const { id: author } = stage.at.accounts.accountNamed('wang.fang')!
            const at = '2026-11-20T02:00:00Z'
            const head = { author, base: null, state: 'open', proposal: null, createdAt: at, changedAt: at } as const
            for (let n = 0; n < 20; n++)
              stage.at.workshop.addDraft({ ...head, id: `${n}`.padStart(26, 'f'), title: 'f' }, [])
            await page.locator('#title').fill('one more')
            await press(page, say['draft.begin'])
            await page.locator('.refusal').waitFor()
            for (let n = 0; n < 20; n++) stage.at.workshop.deleteDraft(`${n}`.padStart(26, 'f'))
          },
        },
        {
          name: 'dictionary-import',
          where: `dictionaries?draft=${draft}`,
          shows: '[data-testid=batch]',
          open: (page) =>
            page.locator('input[type=file]').setInputFiles({
              name: 'batch.csv',
              mimeType: 'text/csv',
              buffer: Buffer.from(
                'term,replacement,status,author,approver\n高血压病,HTN,,,\n坏,A,active,li,wang.fang\n',
              ),
            }),
        },
        {
          name: 'failing-tests',
          where: `edit?draft=${broken}&file=policies/research.test.yaml`,
          shows: '[data-testid=proof] .ant-alert-error .problems',
          open: nothing,
        },
        {
          name: 'refused',
          where: `review?proposal=${refused}`,
          shows: '[data-testid=closed]',
          open: nothing,
        },
        { name: 'changes', where: 'changes', shows: '.ant-tag-error', open: nothing },
        {
          name: 'batch',
          where: `dictionaries?draft=${draft}`,
          shows: '[data-testid=batch] tbody tr',
          open: (page) =>
            page.locator('input[type=file]').setInputFiles({
              name: '十一月.csv',
              mimeType: 'text/csv',
              buffer: Buffer.from(
                '术语,替换,状态,编写人,审批人\n高血压病,HTN,启用,li,zhang\n免疫性血小板减少症,ITP2,审核中,li,\n',
              ),
            }),
        },
        {
          name: 'drop-draft',
          where: 'drafts',
          shows: POPOVER,
          open: (p, say) => press(p, say['draft.dropShort']),
        },
        {
          name: 'remove-key',
          where: 'approvers',
          shows: `${DIALOG} [data-testid=thumbprint-of]`,
          open: (p, say) => press(p, say['approver.remove']),
        },
        { name: 'menu', where: 'home', only: 390, shows: DRAWER, open: (p, say) => press(p, say['app.menu']) },
      ]

      test('whose key it is stands in the dialog, as its holder sees it', async () => {
        await stage.visit(wang.page, 'approvers')
        const own = (await wang.page.getByTestId('thumbprint').textContent())!
        await wang.page.locator('tr', { hasText: 'wang.fang' }).getByText(own.slice(0, 12), { exact: true }).waitFor()
        const row = wang.page.locator('tr', { hasText: 'chen.yu' })
        await row.getByRole('button').click()
        const dialog = wang.page.locator(DIALOG)
        await dialog.getByText(TEXTS[lang]['approver.removeOf'].replace('{name}', 'chen.yu'), { exact: true }).waitFor()
        const { x, y } = stage.at.keys.chen
        assert.equal(await dialog.getByTestId('thumbprint-of').textContent(), keyId({ x, y }))
        await wang.page.goto('about:blank')
      })

      test('a new password is typed twice, and a slip changes nothing', async () => {
        const { page } = wang
        const say = TEXTS[lang]
        const { id } = stage.at.accounts.accountNamed('wang.fang')!
        const password = () => stage.at.accounts.account(id)!.password
        const before = password()
        await stage.visit(page, 'account')
        await press(page, say['account.change'])
        await page.getByText(say['signIn.needPassword'], { exact: true }).waitFor()
        await page.locator('#current').fill(PASSWORD)
        await page.locator('#next').fill('another long one')
        await page.locator('#again').fill('another long won')
        await page.locator('#totp').fill(stage.code(wang.secret))
        await press(page, say['account.change'])
        await page.getByText(say['account.differs'], { exact: true }).waitFor()
        assert.equal(password(), before)
        await page.locator('#again').fill('another long one')
        await press(page, say['account.change'])
        await page.getByText(say['account.changed'], { exact: true }).waitFor()
        assert.notEqual(password(), before)
      })

      test('a conflict of a batch is told by the file and the row its reader has open', async () => {
        const opening = openings().find(({ name }) => name === 'dictionary-import')!
        await stage.visit(wang.page, opening.where)
        await opening.open(wang.page, TEXTS[lang])
        const told = TEXTS[lang]['dictionary.place'].replace('{file}', 'batch.csv').replace('{row}', '2')
        await wang.page.getByTestId('batch').getByText(told, { exact: true }).waitFor()
        await wang.page.goto('about:blank')
      })

      for (const size of SIZES)
        test(`of an officer at ${size} px`, async () => {
          const found: string[] = []
          for (const opening of openings()) {
            if (opening.only !== undefined && opening.only !== size) continue
            found.push(...(await look(stage, wang, opening, lang, size)))
          }
          assert.deepEqual([...wang.faults, ...found], [])
        })

      for (const size of SIZES)
        test(`of an administrator at ${size} px`, async () => {
          const found = await look(
            stage,
            admin,
            {
              name: 'user-added',
              where: 'users',
              shows: `${DIALOG} [data-testid=first-password]`,
              open: async (page, say) => {
                await page.locator('#name').fill(`new.${lang}${size}`)
                await page.locator('#displayName').fill('赵敏')
                await press(page, say['user.addNow'])
              },
            },
            lang,
            size,
          )
          const reset = {
            name: 'user-reset',
            where: 'users',
            shows: POPOVER,
            open: (page: Page, say: Say) => press(page, say['user.resetShort']),
          }
          found.push(...(await look(stage, admin, reset, lang, size)))
          assert.deepEqual([...admin.faults, ...found], [])
        })
    })
  }
})

async function look(
  stage: Stage,
  { page }: Person,
  { name, where, shows, open }: Opening,
  lang: 'zh' | 'en',
  size: number,
): Promise<string[]> {
  await page.setViewportSize({ width: size, height: size === 390 ? 844 : 900 })
  await stage.visit(page, where)
  await open(page, TEXTS[lang])
  await page.locator(shows).first().waitFor()
  const found = await examine(page, `open-${name}`, lang, size)
  // the next page must not be looked at through this one
  await page.goto('about:blank')
  return found
}

async function submitted({ at }: Stage, mobile: string, author: string): Promise<string> {
  const files = RULE_FILES.map((f) =>
    f.path === 'policies/research.yaml' ? { ...f, text: f.text.replace('mobile: mask', `mobile: ${mobile}`) } : f,
  )
  const { bundle, refused } = await at.desk.submit({ files, author, why: `mobile: ${mobile}` })
  assert.equal(refused, null)
  return bundle!.id
}

async function refuse({ at: { desk, keys } }: Stage, id: string): Promise<void> {
  const { claims } = await desk.prepare({ act: 'refuse', id, why: '手机号的假名没有依据' })
  assert.equal((await desk.approve(await signStatement(claims, keys.chen, keys.chen.key))).released, true)
}

/** A rule test that expects what the rules do not do. */
function expectWrong({ at: { workshop } }: Stage, draft: string): void {
  const path = 'policies/research.test.yaml'
  const { text } = workshop.draftFile(draft, path)!
  const next = text!.replace('inpatient-no: removed', 'inpatient-no: unchanged')
  assert.ok(workshop.putDraftFile(draft, path, text, next, '2026-11-20T02:00:00Z'))
}

async function release({ at: { desk, keys } }: Stage, id: string): Promise<void> {
  for (const key of [keys.lin, keys.chen]) {
    const { claims } = await desk.prepare({ act: 'release', id, why: 'x' })
    await desk.approve(await signStatement(claims, key, key.key))
  }
  assert.equal((await desk.activate(id, 'lin.wei', 'x')).released, true)
}

async function draftOf(stage: Stage, { page }: Person): Promise<string> {
  await stage.visit(page, 'drafts')
  await page.locator('#title').fill('look')
  await page.locator('form button[type=submit]').click()
  await page.locator('.cm-content, .cell-line').first().waitFor()
  await settle(page)
  return new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('draft')!
}
