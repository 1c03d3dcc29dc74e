/** Every slip gives exactly one problem, at its place, in words that are enough to mend it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatProblem } from '../../src/base/problem.ts'
import { compileFolder } from '../../src/cli/rules/compile-folder.ts'
import { parseConfig } from '../../src/config.ts'
import { SLIPS } from './more.ts'
import { BASE } from './table.ts'

const TODAY = '2026-11-22'

const problemsOf = (files: Readonly<Record<string, string>>): string[] =>
  compileFolder(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    [],
    TODAY,
  ).problems.map(formatProblem)

function assertTold(found: readonly string[], path: string, at: string, words: readonly string[]): void {
  const [place, severity, code] = at.split(' ')
  assert.equal(found.length, 1, found.join('\n'))
  assert.ok(found[0]!.startsWith(`${path}:${place}: ${severity} ${code}: `), found[0])
  let from = 0
  for (const word of words) {
    const next = found[0]!.indexOf(word, from)
    assert.ok(next >= 0, `${word}\nis not in\n${found[0]}`)
    from = next + word.length
  }
}

test('the folder the slips are made in is sound', () => assert.deepEqual(problemsOf(BASE), []))

for (const { name, path, text, at, words } of SLIPS)
  test(name, () => assertTold(problemsOf({ ...BASE, [path]: text }), path, at, words))

const CONFIG = `node: gateway-1
rules: { folder: rules, approval: "off" }
keyring: { file: ring.json, secret: { env: RING_SECRET } }
data:
  port: 8443
  cert: a.pem
  key: { file: a.key }
  client-ca: ca.pem
  crls: [ca.crl]
tokens: { audience: veilgate, issuers: [{ issuer: "https://i", keys: jwks.json }] }
`

/** [from, to, place, words] in veilgate.yaml */
const CONFIG_SLIPS: readonly (readonly [string, string, string, ...string[]])[] = [
  ['node: gateway-1', 'node：gateway-1', '1:5 error yaml-colon', '(：) stands behind "node"'],
  ['node: gateway-1\n', '', '1:1 error config', '"node" is missing', 'node: gateway-1'],
  ['node: gateway-1', 'node: Gateway_1', '1:7 error config', 'the value of "node"', 'such as gateway-1'],
  ['port: 8443', 'port: "8443"', '5:9 error config', '"port"', 'from 0 to 65535, without quotes'],
  ['port: 8443', 'prot: 8443', '5:3 error config', 'did you mean "port"?'],
  ['tokens:', 'shutdown: { announce: 5 sec }\ntokens:', '10:23 error config', '"announce"', 'such as 10s, 5m, 1h'],
  ['tokens:', 'journal: { max-size: 1GB }\ntokens:', '10:22 error config', '"max-size"', 'such as 16KiB'],
  ['tokens:', 'controll: { port: 9443 }\ntokens:', '10:1 error config', 'did you mean "control"?'],
  ['tokens:', 'kafka: { brokers: [kafka] }\ntokens:', '10:20 error config', '"brokers[0]"', 'kafka-1.example.org:9093'],
  ['tokens:', 'zone: Asia/Shangai\ntokens:', '10:7 error config', 'did you mean "Asia/Shanghai"?'],
  ['tokens:', 'operations: { port: 8443 }\ntokens:', '10:21 error config', 'share the port 8443', 'operations (9090)'],
  ['{ env: RING_SECRET }', 'hunter2', '3:37 error config', '"secret"', '{ file: PATH } and { env: NAME }'],
  ['{ env: RING_SECRET }', '{ env: ring_secret }', '3:44 error config', 'such as VEILGATE_KEYRING_SECRET'],
  ['crls: [ca.crl]', 'crls: ca.crl', '9:9 error config', '"crls"', 'a list such as ['],
  ['folder: rules', 'sourc: store', '2:10 error config', 'did you mean "source"?'],
  ['"off"', 'required', '2:8 error config', 'nobody is named', 'veilgate keys approver'],
]

test('the configuration the slips are made in is sound', () =>
  assert.deepEqual(parseConfig('veilgate.yaml', CONFIG).problems.all, []))

for (const [from, to, at, ...words] of CONFIG_SLIPS)
  test(`veilgate.yaml: ${to.split('\n')[0] || `without ${from.trim()}`}`, () => {
    assert.ok(CONFIG.includes(from))
    const { problems } = parseConfig('veilgate.yaml', CONFIG.replace(from, to))
    const found = problems.all.map(formatProblem)
    assertTold(found, 'veilgate.yaml', at, words)
    assert.ok(!found.join().includes('hunter2'), 'a secret written by mistake is never repeated')
  })
