/** The rules folder: does it compile, and what does it warn of? */
import { readRuleFolder } from '../../adapters/rule-files.ts'
import type { Config } from '../../config.ts'
import { zoneDay } from '../../gateway/zone-day.ts'
import { compileFolder } from '../rules/compile-folder.ts'
import { type Finding, fail, ok, warn } from './finding.ts'
import type { Ward } from './ward.ts'

export async function examineRules({ rules, zone }: Config, { locate, now }: Ward): Promise<Finding[]> {
  const read = await readRuleFolder(locate(rules)).catch(() => null)
  if (read === null) return [fail('RULES_UNREADABLE', rules, 'the folder cannot be read')]
  const { compiled, problems } = compileFolder(read.files, read.problems, zoneDay(zone)(now))
  const warnings = problems.filter((p) => p.severity === 'warning').length
  if (compiled === null)
    return [fail('RULES_REFUSED', rules, `${problems.length - warnings} errors: veilgate rules check shows them`)]
  const good = ok('RULES', rules, `${compiled.rules.policies.length} policies, bundle ${compiled.hash.slice(0, 19)}`)
  return warnings === 0 ? [good] : [good, warn('RULES_WARNINGS', rules, `${warnings}: veilgate rules check shows them`)]
}
