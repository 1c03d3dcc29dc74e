import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { formatProblem } from '../src/base/problem.ts'
import { parseConfig } from '../src/config.ts'

const EXAMPLE = readFileSync(new URL('../veilgate.yaml', import.meta.url), 'utf8')
const MINIMAL = `node: n
rules: { approval: off }
keyring: { file: k, secret: { env: KEY } }
data: { cert: c, key: { file: k }, client-ca: ca, crls: [a] }
tokens: { audience: a, issuers: [{ issuer: i, keys: j }] }
`
const problems = (text: string): string[] => parseConfig('v.yaml', text).problems.sorted().map(formatProblem)

test('the example is good, and states the defaults', () => {
  const example = parseConfig('veilgate.yaml', EXAMPLE)
  assert.deepEqual(example.problems.sorted(), [])
  const minimal = parseConfig('v.yaml', MINIMAL).config!
  for (const section of [
    'zone',
    'state',
    'rules',
    'limits',
    'operations',
    'control',
    'kafka',
    'journal',
    'callLog',
    'log',
    'shutdown',
  ] as const)
    assert.deepEqual(example.config![section], minimal[section], section)
  assert.equal(minimal.data.port, 8443)
  assert.equal(minimal.limits.buffered, 256 * 1024 * 1024)
  assert.equal(minimal.tokens.tolerance, 30_000)
})

test('what is commented out in the example is good too', () => {
  const all = EXAMPLE.replace(/^(\s*)# (kafka|control|public-base|file| {2}\w)/gm, '$1$2')
  const { config, problems: found } = parseConfig('veilgate.yaml', all)
  assert.deepEqual(found.sorted(), [])
  assert.equal(config!.control!.port, 9443)
  assert.deepEqual(config!.kafka!.brokers, ['kafka-1.example.org:9093'])
  assert.equal(config!.log.file, 'state/veilgate.log')
})

test('every problem is told at once, with its place', () => {
  const found = problems('node: Bad\nzone: 1\ndata:\n  prot: 1\n  key: plain-secret\nlimits: { idle: 75 }\n')
  assert.ok(found.length >= 7)
  assert.ok(found.every((line) => /^v\.yaml:\d+:\d+: error config: /.test(line)))
  assert.ok(found.some((line) => line.startsWith('v.yaml:4:3: error config: unknown key "prot"')))
  assert.ok(found.some((line) => line.startsWith('v.yaml:5:8:')))
  assert.ok(!found.join().includes('plain-secret'))
})

test('what no schema says', () => {
  assert.match(problems(`${MINIMAL}zone: Mars/Olympus\n`)[0]!, /time zone/)
  assert.match(problems(`${MINIMAL}operations: { port: 8443 }\n`)[0]!, /share the port 8443/)
  assert.match(problems(`${MINIMAL}operations: { address: 0.0.0.0 }\n`)[0]!, /loopback only/)
  assert.match(problems(`${MINIMAL}limits: { buffered: 1MiB }\n`)[0]!, /too small/)
  assert.match(problems(`${MINIMAL}call-log: { keep: 14d }\n`)[0]!, /longer than the journal/)
  assert.match(problems('a: &x 1\n').join(), /anchor/)
  assert.notDeepEqual(problems(''), [])
})

test('rules: a path or a section; approvals need two people, Redis elsewhere needs TLS', () => {
  const withRules = (rules: string): string => MINIMAL.replace('rules: { approval: off }', `rules: ${rules}`)
  const release = (rules: string) => parseConfig('v.yaml', withRules(rules)).config?.release
  const [lin, chen] = parseConfig('veilgate.yaml', EXAMPLE).config!.release.approvers.map((a) => JSON.stringify(a))
  assert.match(problems(withRules('rules'))[0]!, /^v\.yaml:2:.*nobody is named/)
  assert.match(problems(withRules('{ approval: required }'))[0]!, /nobody is named/)
  assert.match(problems(withRules(`{ approvers: [${lin}] }`))[0]!, /^v\.yaml:2:/)
  assert.match(problems(withRules(`{ approvers: [${lin}, ${lin}] }`))[0]!, /two people/)
  assert.match(problems(withRules(`{ approvers: [${lin}, ${chen!.replace(/"y":"./, '"y":"_')}] }`))[0]!, /P-256/)
  assert.deepEqual(release(`{ approvers: [${lin}, ${chen}] }`), {
    source: 'folder',
    approval: 'required',
    approvers: [JSON.parse(lin!), JSON.parse(chen!)],
    store: { kind: 'sqlite', file: 'state/bundles.sqlite' },
  })
  assert.equal(parseConfig('v.yaml', withRules('{ folder: here, approval: off }')).config!.rules, 'here')
  const redis = (more: string) => `{ approval: off, source: store, store: { redis: { ${more} } } }`
  assert.deepEqual(release(redis('host: 127.0.0.1'))!.store, {
    ...{ kind: 'redis', host: '127.0.0.1', port: 6379, prefix: 'rules', username: null, password: null, ca: null },
  })
  assert.match(problems(withRules(redis('host: redis.example.org')))[0]!, /TLS/)
  assert.equal(release(redis('host: redis.example.org, ca: ca.pem'))!.source, 'store')
})
