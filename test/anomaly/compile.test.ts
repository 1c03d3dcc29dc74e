import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compileAnomalies } from '../../src/anomaly/compile.ts'

const compile = (text: string, more = '') =>
  compileAnomalies([{ file: 'anomalies.yaml', text }, ...(more === '' ? [] : [{ file: 'more.yaml', text: more }])])

test('the shipped file compiles to the thresholds of the domain (A-05)', () => {
  const { anomalies, problems } = compile(readFileSync(new URL('../../rules/anomalies.yaml', import.meta.url), 'utf8'))
  assert.deepEqual(problems, [])
  const { at, ...burst } = anomalies[0]!
  assert.ok(at.line > 0)
  assert.deepEqual(burst, {
    id: 'denied-burst',
    zh: '拒绝突增',
    detector: 'denied-burst',
    per: ['institution'],
    windowMs: 300_000,
    threshold: 10,
    cooldownMs: 600_000,
    severity: 'warning',
    enabled: true,
    codes: null,
  })
})

test('Chinese and English say the same', () => {
  const zh = compile(
    '异常:\n  burst:\n    检测: denied-burst\n    统计对象: [机构, 接口]\n    窗口: 5m\n    阈值: 10\n    严重程度: 严重\n',
  )
  const en = compile(
    'anomalies:\n  burst:\n    detector: denied-burst\n    per: [institution, interface]\n    window: 5m\n    threshold: 10\n    severity: critical\n',
  )
  assert.deepEqual(zh.problems, [])
  const plain = ({ anomalies }: typeof zh) => anomalies.map(({ at, ...rest }) => rest)
  assert.deepEqual(plain(zh), plain(en))
})

test('every problem is told with its place', () => {
  const text = [
    'anomalies:',
    '  a:',
    '    detector: denied-burts',
    '    window: 5x',
    '    threshold: 0',
    '    colour: red',
    '  b:',
    '    detector: denied-burst',
    '    window: 2d',
    '    threshold: 3',
    '    codes: [NO_SUCH_CODE]',
    '    per: patient',
  ].join('\n')
  const { anomalies, problems } = compile(
    text,
    'anomalies:\n  b: { detector: denied-burst, window: 1m, threshold: 1 }\n',
  )
  assert.deepEqual(anomalies, [])
  const places = problems.map((p) => `${p.file}:${p.line} ${p.code}`)
  for (const place of [
    'anomalies.yaml:3 bad-word',
    'anomalies.yaml:4 bad-value',
    'anomalies.yaml:5 bad-value',
    'anomalies.yaml:6 unknown-key',
    'anomalies.yaml:9 bad-value',
    'anomalies.yaml:11 unknown-code',
    'anomalies.yaml:12 bad-word',
    'more.yaml:2 defined-twice',
  ])
    assert.ok(places.includes(place), `${place} in ${places.join(', ')}`)
})
