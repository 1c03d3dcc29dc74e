/** `veilgate doctor`: what is wrong with a deployment, or will be soon, before it is started or while it runs. */
import { refusing } from './authority/refused.ts'
import { type Command, EXIT, readArgs } from './command.ts'
import { examineCertificates, examineIssuers } from './doctor/certificates.ts'
import type { Finding } from './doctor/finding.ts'
import { examineKeys } from './doctor/keys.ts'
import { examineKafka, examineState, examineStore } from './doctor/places.ts'
import { examineProcess } from './doctor/process.ts'
import { examineRules } from './doctor/rules.ts'
import { readConfig } from './release/open-desk.ts'
import { locator } from './serve/locate.ts'

const OPTIONS = {
  config: { type: 'string', default: 'veilgate.yaml' },
  json: { type: 'boolean', default: false },
} as const

const EXAMINATIONS = [
  examineKeys,
  examineCertificates,
  examineIssuers,
  examineRules,
  examineState,
  examineStore,
  examineKafka,
  examineProcess,
] as const

export const command: Command = {
  name: 'doctor',
  summary: 'examine a deployment: configuration, keys, certificates, rules, stores, Kafka',
  usage: `veilgate doctor [--config veilgate.yaml] [--json]

One line each: ok, warn or fail, a code, what it is about, what to do. Nothing is changed and no secret is printed.
Warned of: certificates with less than 30 days, revocation lists with less than 2, no escrow of the newest key.
Exit codes: 0 no failure, 1 a failure or a faulty configuration, 2 wrong usage.
`,
  run: (args, io) =>
    refusing('doctor', io, async () => {
      const { values } = readArgs(args, OPTIONS)
      const { config, base } = await readConfig(values.config, io)
      const ward = { locate: locator(base), env: io.env, now: Date.now() }
      const found: Finding[] = [{ state: 'ok', code: 'CONFIG', about: values.config, told: `node ${config.node}` }]
      for (const examine of EXAMINATIONS) found.push(...(await examine(config, ward)))
      const failed = found.some((f) => f.state === 'fail')
      if (values.json) io.out(`${JSON.stringify({ ok: !failed, findings: found }, null, 2)}\n`)
      else for (const f of found) io.out(`${f.state.padEnd(4)} ${f.code} ${f.about}: ${f.told}\n`)
      return failed ? EXIT.refused : EXIT.done
    }),
}
