/** Two bindings of different elements, equally narrow, on one place: no reader could decide between them. */
import { type Checks, line, nameOf } from './checks.ts'

export function checkConflicts(checks: Checks): void {
  const { bindings } = checks.rules
  const anyOwn = bindings.some((b) => b.interfaceId !== null)
  for (const [name, format] of checks.catalogue.formats) {
    // Walking a format's places costs; without bindings there is nothing to decide between.
    if (!anyOwn && !bindings.some((b) => b.format === name)) continue
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
}
