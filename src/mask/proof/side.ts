/** What is compared: one bundle, compiled, with what the comparison shows beside it. */
import type { Position } from '../../base/problem.ts'
import type { BundleParts } from '../bundle.ts'
import type { RuleTestFile } from '../language/read-tests.ts'
import type { RuleSet } from '../model.ts'

/** One bundle, compiled. */
export interface Side {
  readonly rules: RuleSet
  readonly tests: readonly RuleTestFile[]
  /** every core's part, as the bundle's hash is made of them; `mask` is maskPart(rules, tests) */
  readonly parts: BundleParts
  /** lines of the parts of other cores by path (`access.entries.his.bill`); without it they are shown without a line */
  readonly places?: ReadonlyMap<string, Position>
  /** digests of the files the rule tests read, by path inside the folder */
  readonly samples?: ReadonlyMap<string, string>
}
