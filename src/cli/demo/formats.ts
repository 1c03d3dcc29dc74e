/** The same stay in three formats, and a message masked on its way to its receiver. */
import { PEOPLE } from './cast.ts'
import { STAY } from './samples.ts'
import { ask, codeOf, type Scene } from './scene.ts'
import { sheet } from './sheet.ts'
import { holdsNone } from './views.ts'

export async function showFormats(scene: Scene): Promise<void> {
  const [his, fhir, hl7] = await Promise.all([
    ask(scene, PEOPLE.researcher, { path: `/teaching/inpatients/${STAY.inpatientNo}` }),
    ask(scene, PEOPLE.researcher, { path: `/teaching/fhir/Bundle/${STAY.referral}` }),
    ask(scene, PEOPLE.researcher, { path: `/teaching/hl7/reports/${STAY.inpatientNo}` }),
  ])
  const texts = [his, fhir, hl7].map((answer) => answer.body.toString('utf8'))
  const number = [
    /"zyh":\s*"([^"]*)"/.exec(texts[0]!)?.[1],
    /"code":\s*"VN"[^}]*\}\s*\][^}]*\}\s*,\s*"value":\s*"([^"]*)"/.exec(texts[1]!)?.[1],
    /\rPV1\|(?:[^|\r]*\|){18}([^|\r]*)/.exec(texts[2]!)?.[1],
  ]
  const value = [
    /"jyjgz":\s*"1\.10"/.test(texts[0]!),
    /"value":\s*1\.10\b/.test(texts[1]!),
    /\|PLT\^[^|]*\|\|1\.10\|/.test(texts[2]!),
  ]
  scene.say('同一次住院，三种格式，研究员所见 · one stay in three formats, as the researcher sees it')
  const rows = ['HIS JSON', 'FHIR R4', 'HL7 v2'].map((name, i) => [
    name,
    codeOf([his, fhir, hl7][i]!),
    number[i] ?? '（删除）',
    value[i] ? '1.10' : '（改变）',
  ])
  scene.say(sheet(['格式 format', '状态 status', '住院号 inpatient no.', '检验值 lab value'], rows))
  scene.check(
    'one inpatient number gives one pseudonym in every format',
    number[0] !== undefined && new Set(number).size === 1,
  )
  scene.check('lab values stay as they were written', value.every(Boolean))
  scene.check('nothing identifying is in FHIR or HL7', holdsNone(fhir.body) && holdsNone(hl7.body))
}

export async function showInward(scene: Scene): Promise<void> {
  const answer = await ask(scene, PEOPLE.sender, {
    method: 'POST',
    path: '/research/registry',
    headers: { 'content-type': 'application/hl7-v2; charset=utf-8' },
    body: scene.samples.admission,
  })
  const arrived = scene.systems.registered.at(-1) ?? Buffer.alloc(0)
  const pid =
    arrived
      .toString('utf8')
      .split('\r')
      .find((line) => line.startsWith('PID')) ?? ''
  scene.say('教学医院向科研登记推送 ADT，登记系统收到的 · an ADT message as it reached the research registry')
  scene.say(`  ${pid}`)
  scene.check('a request is masked for its receiver', answer.status === 200 && pid !== '' && holdsNone(arrived))
}
