/** `veilgate rules check --risk`: which combinations of what leaves single people out, by policy and entry. */
import { PEOPLE, type Risk, riskOf } from '../../mask/proof/risk.ts'
import { rivalEffects } from '../../mask/proof/rival-effects.ts'
import type { Io } from '../command.ts'
import type { CompiledFolder } from './compile-folder.ts'
import { interfacesOf } from './open-bundle.ts'
import type { Spoken } from './spoken.ts'

type Compiled = NonNullable<CompiledFolder['compiled']>

/** @param today YYYY-MM-DD */
export const risksOf = (compiled: Compiled, today: string): Risk[] =>
  riskOf(compiled.rules, {
    interfaces: interfacesOf(compiled),
    today,
    effects: rivalEffects(compiled.rules, today),
  })

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.01 ? 2 : 1)} %`

export function printRisks(risks: readonly Risk[], say: Spoken, io: Io): void {
  io.out(
    `\n${say({
      zh: `重识别风险：${PEOPLE} 名虚构患者，攻击者持有完整登记册`,
      en: `risk of re-identification: ${PEOPLE} invented patients, an attacker who holds the full register`,
    })}\n`,
  )
  for (const same of Map.groupBy(risks, signatureOf).values()) {
    const risk = same[0]!
    const names = [...new Set(same.map((r) => r.column.id))].join(', ')
    const entries = [...new Set(same.flatMap((r) => (r.interfaceId === null ? [] : [r.interfaceId])))]
    const where = entries.length === 0 ? '' : ` [${shortened(entries)}]`
    io.out(`${names}${where} (${risk.column.policies.join(' + ')})\n`)
    printRisk(risk, say, io)
  }
}

const shortened = (names: readonly string[]): string =>
  names.length <= 6 ? names.join(', ') : `${names.slice(0, 5).join(', ')} +${names.length - 5}`

const signatureOf = (r: Risk): string =>
  JSON.stringify([r.column.policies, r.left, r.identified, r.combinations, r.unique, r.tokenOfName])

function printRisk(risk: Risk, say: Spoken, io: Io): void {
  if (risk.tokenOfName)
    io.out(
      `  ${say({ zh: '姓名假名由姓名本身生成：没有绑定患者编号，同名者将合为一人', en: 'the pseudonym is made of the name itself: no number of the patient is bound, so namesakes become one' })}\n`,
    )
  if (risk.identified.length > 0) {
    const list = risk.identified.join(', ')
    io.out(`  ${say({ zh: `直接可识别：${list}`, en: `identified by ${list}` })}\n`)
    return
  }
  for (const l of risk.left)
    io.out(
      `  ${l.element.padEnd(16)} ${l.method.padEnd(12)} ${l.at === null ? '' : `${l.at.file}:${l.at.line}`} ${say({
        zh: `${l.distinct} 种结果`,
        en: `${l.distinct} results`,
      })}\n`,
    )
  for (const c of risk.combinations)
    io.out(
      `  ${c.elements.join(' + ')}: ${say({
        zh: `${percent(c.unique)} 的人被单独指认`,
        en: `${percent(c.unique)} of the people are singled out`,
      })}\n`,
    )
  io.out(
    `  ${say({
      zh: `全部合计：${percent(risk.unique)} 被单独指认，最小群 ${risk.smallest} 人`,
      en: `all together: ${percent(risk.unique)} singled out, the smallest group is ${risk.smallest}`,
    })}\n`,
  )
}
