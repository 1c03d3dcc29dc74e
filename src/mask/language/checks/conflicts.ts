/** Two bindings of different elements, equally narrow, on one place: no reader could decide between them. */
import { createHash } from 'node:crypto'
import type { Steps } from '../../../base/steps.ts'
import type { Format } from '../../formats/format.ts'
import type { RuleSet } from '../../model.ts'
import { type Checks, line, nameOf } from './checks.ts'

/** Binding sets found sound lately, by format: most edits touch policies, and walking every place of FHIR takes long. */
const sound = new WeakMap<Pick<Format, 'conflicts'>, Set<string>>()
const REMEMBERED = 8

export function* checkConflicts(checks: Checks): Steps<void> {
  const { bindings } = checks.rules
  const key = bindingsKey(checks.rules)
  const anyOwn = bindings.some((b) => b.interfaceId !== null)
  for (const [name, format] of checks.catalogue.formats) {
    // Walking a format's places costs; without bindings there is nothing to decide between.
    if (!anyOwn && !bindings.some((b) => b.format === name)) continue
    const known = sound.get(format) ?? new Set()
    sound.set(format, known)
    if (known.has(key)) continue
    const conflicts = yield* format.conflicts(checks.rules)
    if (conflicts.length === 0) remember(known, key)
    for (const { a, b, where } of conflicts)
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

/** All that decides where bindings meet: not their places in files, nor what elements are worth. */
const bindingsKey = ({ bindings }: RuleSet): string => {
  const hash = createHash('sha256')
  let part = ''
  for (const b of bindings) {
    part += `${b.element.id}\n${b.format ?? ''}\n${b.interfaceId ?? ''}\n${b.path ?? ''}\n${b.key ?? ''}\n${b.within ?? ''}\n${b.pair ?? ''}\0`
    // a call of the hash costs more than a line
    if (part.length < AT_ONCE) continue
    hash.update(part)
    part = ''
  }
  return hash.update(part).digest('base64')
}

const AT_ONCE = 32_768

function remember(known: Set<string>, key: string): void {
  if (known.size >= REMEMBERED) known.delete(known.values().next().value!)
  known.add(key)
}
