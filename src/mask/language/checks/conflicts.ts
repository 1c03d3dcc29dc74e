/** Two bindings of different elements, equally narrow, on one place: no reader could decide between them. */
import { type Checks, line, nameOf } from './checks.ts'

export function checkConflicts(checks: Checks): void {
  for (const format of checks.catalogue.formats.values())
    for (const { a, b, where } of format.conflicts(checks.rules))
      checks.error(
        b.at,
        'binding-conflict',
        {
          zh: `${where} 同时归于${nameOf(b.element).zh}和 ${line(a.at)} 的${nameOf(a.element).zh}，且同样具体`,
          en: `${where} is bound to ${nameOf(b.element).en} and, as narrowly, to ${nameOf(a.element).en} at ${line(a.at)}`,
        },
        { zh: '更具体的选择器', en: 'a narrower selector for one of both' },
      )
}
