/** `veilgate rules`: check, test and translate a rules folder. One file per subcommand in rules/. */
import { type Command, type Io, UsageError, unknownAction } from './command.ts'

type Action = (args: readonly string[], io: Io) => Promise<number>

/** Loaded on use: `rules check` must not pay for Redis. */
const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  check: async () => (await import('./rules/check.ts')).checkRules,
  coverage: async () => (await import('./rules/coverage.ts')).coverFolder,
  diff: async () => (await import('./rules/diff.ts')).diffFolders,
  learn: async () => (await import('./rules/learn.ts')).learnBindings,
  dictionary: async () => (await import('./rules/dictionary.ts')).dictionaryBatch,
  drift: async () => (await import('./rules/drift.ts')).showDrift,
  test: async () => (await import('./rules/run-tests.ts')).testRules,
  fmt: async () => (await import('./rules/fmt.ts')).formatFiles,
  sign: async () => (await import('./rules/sign.ts')).signFolder,
  submit: async () => (await import('./rules/submit.ts')).submitFolder,
  approve: async () => (await import('./rules/approve.ts')).approveBundle,
  reject: async () => (await import('./rules/reject.ts')).rejectBundle,
  withdraw: async () => (await import('./rules/withdraw.ts')).withdrawBundle,
  activate: async () => (await import('./rules/activate.ts')).activateBundle,
  rollback: async () => (await import('./rules/rollback.ts')).rollBack,
  shadow: async () => (await import('./rules/shadow.ts')).runShadow,
  bundles: async () => (await import('./rules/bundles.ts')).showBundles,
  history: async () => (await import('./rules/history.ts')).showHistory,
  approvers: async () => (await import('./rules/approvers.ts')).changeApprovers,
}

const usage = `veilgate rules check [DIR] [--json] [--risk] [--lowered]   every problem with file, line, column and what was expected;
                                                    --risk: combinations of what leaves that single people out;
                                                    --lowered: keys a narrower binding gives a lower level
veilgate rules coverage [DIR] [--format text|csv|json] [--interface ID] [--role R] [--samples FILE|DIR] [--unused]
                                                    the matrix role x element with its lines; --unused: selectors
                                                    that match nothing in the samples (default: those of the tests)
veilgate rules diff A B [--samples FILE|DIR] [--raised] [--json]    what B does to protection: tighter, looser, same; samples
                                                    under both; --raised: cells of records raised by content, too
veilgate rules learn --interface ID [--rules DIR] [--json] SAMPLE...   proposes bindings with their evidence, as status: proposed
veilgate rules test [DIR] [--json]                  check, then run policies/*.test.yaml
veilgate rules dictionary preview|import FILE.xlsx|FILE.csv --into NAME [--rules DIR] [--sheet NAME] [--batch N] [--author A] [--json]
                                                    a batch of terms into dictionaries/NAME.csv: what it changes, what it contradicts,
                                                    what it hits in the samples; import writes it when there is no error
veilgate rules drift STATE [--interface ID] [--json]   addresses seen that no rule knows: keyed names, first day, no values
veilgate rules fmt --lang zh|en [--write] [DIR | FILE...]   the same rules in the other language; without --write: print, or name the files that would change

check, coverage, diff and learn speak --lang zh|en (default: by LANG). A and B are rules folders or bundle files.
DIR is the rules folder (default: rules). Exit codes: 0 good, 1 problems or failed tests, 2 wrong usage.
`

export const command: Command = {
  name: 'rules',
  summary: 'check, test, prove, translate and release masking rules',
  usage,
  async run(args, io) {
    const [action, ...rest] = args
    const load = action !== undefined && Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
    if (load === undefined) throw new UsageError(unknownAction(action, Object.keys(ACTIONS)))
    return await (await load())(rest, io)
  },
}
