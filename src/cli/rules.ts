/** `veilgate rules`: check, test and translate a rules folder. One file per subcommand in rules/. */
import { type Command, type Io, UsageError } from './command.ts'
import { checkRules } from './rules/check.ts'
import { formatFiles } from './rules/fmt.ts'
import { testRules } from './rules/run-tests.ts'

const ACTIONS: Readonly<Record<string, (args: readonly string[], io: Io) => Promise<number>>> = {
  check: checkRules,
  test: testRules,
  fmt: formatFiles,
}

const usage = `veilgate rules check [DIR] [--json]                 every problem with file, line, column and what was expected
veilgate rules test [DIR] [--json]                  check, then run policies/*.test.yaml
veilgate rules fmt --lang zh|en [--write] [DIR | FILE...]   the same rules in the other language; without --write: print, or name the files that would change

DIR is the rules folder (default: rules). Exit codes: 0 good, 1 problems or failed tests, 2 wrong usage.
`

export const command: Command = {
  name: 'rules',
  summary: 'check, test and translate masking rules',
  usage,
  async run(args, io) {
    const [action, ...rest] = args
    const run = action !== undefined && Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
    if (run === undefined) throw new UsageError(`one of: ${Object.keys(ACTIONS).join(', ')}`)
    return await run(rest, io)
  },
}
