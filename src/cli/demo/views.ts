/** One HIS record, five people: what each of them sees. */
import { PEOPLE, type Person } from './cast.ts'
import { SECRETS, STAY } from './samples.ts'
import { ask, codeOf, type Scene } from './scene.ts'
import { sheet } from './sheet.ts'

const COLUMNS: readonly Person[] = [PEOPLE.doctor, PEOPLE.nurse, PEOPLE.billing, PEOPLE.researcher, PEOPLE.thirdParty]

/** label and key of the rows shown; all others are masked just the same */
const ROWS: readonly (readonly [label: string, key: string])[] = [
  ['姓名 name', 'brxm'],
  ['身份证 ID', 'sfzh'],
  ['手机 mobile', 'sjhm'],
  ['住址 address', 'jtdz'],
  ['出生 birth date', 'csrq'],
  ['住院号 inpatient', 'zyh'],
  ['银行卡 bank card', 'yhkh'],
  ['联系人 contact', 'lxrxm'],
  ['诊断 diagnosis', 'zdmc'],
  ['检验值 lab value', 'jyjgz'],
  ['报告 report', 'bgnr'],
  ['金额 amount', 'je'],
]

export async function showViews(scene: Scene): Promise<void> {
  const path = `/teaching/inpatients/${STAY.inpatientNo}`
  const answers = await Promise.all(COLUMNS.map((who) => ask(scene, who, { path })))
  const bodies = [scene.samples.inpatient, ...answers.map((answer) => answer.body)]
  const cells = ROWS.map(([label, key]) => [label, ...bodies.map((body) => cell(body, key))])
  scene.say('同一条住院病历，不同角色看到的内容 · one inpatient record, as each role sees it')
  scene.say(sheet(['', '原文 original', ...COLUMNS.map((who) => `${who.zh} ${who.en}`)], cells, 18))
  const statuses = answers.map(codeOf)
  scene.check(
    'all five roles are answered',
    statuses.every((status) => status === '200'),
  )
  for (const [i, who] of COLUMNS.entries()) {
    if (who !== PEOPLE.researcher && who !== PEOPLE.thirdParty) continue
    scene.check(`nothing identifying reaches the ${who.en}`, holdsNone(answers[i]!.body))
  }
  scene.check(
    'money keeps its spelling',
    answers.every((answer) => answer.status !== 200 || keeps(answer.body)),
  )
}

/** The decimal 12.50 leaves as 12.50 wherever it leaves at all. */
const keeps = (body: Buffer): boolean => !/"je":\s*12\.5\b/.test(body.toString('utf8'))

export const holdsNone = (body: Buffer): boolean => {
  const text = body.toString('utf8')
  return SECRETS.every((secret) => !text.includes(secret))
}

/** The first value under a key as it is spelled in the bytes: 12.50 stays 12.50. */
function cell(body: Buffer, key: string): string {
  const match = new RegExp(`"${key}":\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,}\\]]+))`).exec(body.toString('utf8'))
  return match?.[1] ?? match?.[2] ?? '（删除）'
}
