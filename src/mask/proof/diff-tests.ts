/** A rule test of two bundles: taking it away or expecting less of it is looser. */
import { canonicalJson } from '../../base/canonical.ts'
import type { TestPart } from './name-parts.ts'
import { type Judged, judged, together, type Verdict } from './verdict.ts'

const STRENGTH = ['unchanged', 'no-original', 'removed']

/** @param follows the verdict of the cells of a policy and element: an exact result may follow a tighter cell */
export function judgeTest(
  before: unknown,
  after: unknown,
  follows: (policy: string, element: string) => Verdict,
): Judged {
  if (before === undefined) return judged('tighter', '新增自测', 'a test was added')
  if (after === undefined)
    return judged('looser', '自测被撤去或改查别处', 'the test is gone, or looks at something else')
  const [a, b] = [before as TestPart, after as TestPart]
  if (a.refused !== b.refused)
    return a.refused === null
      ? judged('tighter', '现期望拒绝', 'it expects a refusal now')
      : judged('looser', `不再期望 ${a.refused}`, `it no longer expects ${a.refused}`)
  const told = Object.entries(a.expect).map(([element, want]) =>
    judgeWant(element, want, b.expect[element], a, follows),
  )
  if (Object.keys(b.expect).some((e) => !Object.hasOwn(a.expect, e)))
    told.push(judged('tighter', '检查更多数据元', 'more elements are looked at'))
  const verdict = together(told.map((j) => j.verdict))
  const first = told.find((j) => j.verdict === verdict)
  return first ?? judged('same', '仅改说明', 'only its label changed')
}

function judgeWant(
  element: string,
  want: unknown,
  now: unknown,
  test: TestPart,
  follows: (policy: string, element: string) => Verdict,
): Judged {
  if (now === undefined) return judged('looser', `不再检查 ${element}`, `it no longer looks at ${element}`)
  if (canonicalJson(want) === canonicalJson(now)) return judged('same', '未变', 'as before')
  if (now === 'removed' || (rank(want) >= 0 && rank(now) > rank(want)))
    return judged('tighter', `对 ${element} 的期望更严`, `more is expected of ${element}`)
  return follows(test.policy, element) === 'tighter'
    ? judged('same', `对 ${element} 的期望随更严的处理而改`, `what is expected of ${element} follows the tighter cell`)
    : judged('looser', `对 ${element} 的期望无法证明更严`, `what is expected of ${element} is not proved tighter`)
}

const rank = (want: unknown): number => (typeof want === 'string' ? STRENGTH.indexOf(want) : -1)
