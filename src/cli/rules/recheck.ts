/** Tests of changes: the folder with some cells written otherwise, compiled again, so that a refusal is a real one. */
import type { RuleFile } from '../../mask/language/index.ts'
import type { Recheck } from '../../mask/language/rule-test.ts'
import { type CellTarget, setCellText } from '../../mask/language/set-cell.ts'
import type { RuleSet } from '../../mask/model.ts'
import { compileFolder } from './compile-folder.ts'

/** @param rules the same files, compiled */
export function recheckOf(files: readonly RuleFile[], rules: RuleSet): Recheck {
  return (policy, change) => {
    const path = rules.policies.find((p) => p.id === policy)?.at.file
    const file = files.find((f) => f.path === path)
    if (file === undefined) return null
    let { text } = file
    for (const { target, written } of change) {
      const edit = setCellText(text, targetOf(target, rules), written)
      if (edit === null) return null
      text = edit.text
    }
    const { problems } = compileFolder(files.map((f) => (f === file ? { ...f, text } : f)))
    return [...new Set(problems.filter((p) => p.severity === 'error').map((p) => p.code))]
  }
}

function targetOf(target: string, rules: RuleSet): CellTarget {
  const element = rules.elementById.get(target)
  return element ?? (target === 'undecided' ? 'undecided' : 'unknown')
}
