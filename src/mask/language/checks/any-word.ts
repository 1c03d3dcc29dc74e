/**
 * A word for "every" where names are meant: `scenarios: any` is the one scenario called any, and whoever wrote it meant that
 * no scenario is asked for. The language says that by leaving the line out.
 */
import type { Position, Say } from '../../../base/problem.ts'
import type { Context, Key } from '../../../base/vocabulary.ts'
import type { Checks } from './checks.ts'
import type { DirectoryFacts } from './directory.ts'

const EVERY = /^(?:any|all|every|everyone|anyone|\*|任意|任何|全部|所有|一切|不限)$/i

const LEFT_OUT: Readonly<Record<'roles' | 'scenarios', Say>> = {
  roles: {
    zh: '不写“角色”即适用于所有角色；接口须逐个写出角色',
    en: 'no `roles` in a policy, which is then for every role; an interface names each role',
  },
  scenarios: {
    zh: '不写“场景”即不限场景，否则逐个写出',
    en: 'no `scenarios` at all, which asks for none; or each of them by name',
  },
}

/** `directory`: null where the folder has none. */
export function checkAnyWord(checks: Checks, directory: DirectoryFacts | null): void {
  const { entries, institutions } = directory ?? { entries: [], institutions: new Map<string, never>() }
  const sides = [...entries, ...institutions.values()]
  const declared = {
    roles: new Set(entries.flatMap(({ roles }) => roles)),
    scenarios: new Set(sides.flatMap(({ scenarios }) => scenarios ?? [])),
  }
  // where the directory has the name it is told there, once
  for (const { at, for: scope } of checks.rules.policies)
    for (const key of ['roles', 'scenarios'] as const)
      tell(checks, at, 'policy-for', key, scope[key]?.filter((word) => !declared[key].has(word)) ?? [])
  for (const { at, roles, scenarios } of entries) {
    tell(checks, at, 'entry', 'roles', roles)
    tell(checks, at, 'entry', 'scenarios', scenarios ?? [])
  }
  for (const { at, scenarios } of institutions.values()) tell(checks, at, 'institution', 'scenarios', scenarios ?? [])
}

function tell<C extends Context>(
  checks: Checks,
  at: Position,
  context: C,
  key: Key<C> & ('roles' | 'scenarios'),
  words: readonly string[],
): void {
  const what = key === 'roles' ? { zh: '角色', en: 'role' } : { zh: '场景', en: 'scenario' }
  for (const word of words)
    if (EVERY.test(word))
      checks.warn(
        checks.find(at, context, key, word),
        'any-word',
        {
          zh: `“${word}”在这里是一个${what.zh}的名称，不表示“不限”：只有名称恰好是“${word}”的${what.zh}才符合`,
          en: `"${word}" is the name of one ${what.en} here and does not mean every one: only a ${what.en} called "${word}" fits`,
        },
        LEFT_OUT[key],
      )
}
