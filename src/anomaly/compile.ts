/** anomalies.yaml (异常): what is counted, over which time, and when it is a signal. */
import { CODES } from '../base/errors.ts'
import { type Fields, namedEntries, openMap, type Reading, readDocument, readWord } from '../base/fields.ts'
import { type Problem, ProblemList } from '../base/problem.ts'
import type { YamlEntry } from '../base/yaml.ts'
import { DETECTORS } from './detectors/index.ts'
import type { Anomaly, Per } from './model.ts'

export interface RuleText {
  /** name shown in problems */
  readonly file: string
  readonly text: string
}

export interface CompiledAnomalies {
  readonly anomalies: readonly Anomaly[]
  readonly problems: readonly Problem[]
}

const DAY = 86_400_000

/** All problems of all files at once; `anomalies` is empty when one of them is an error. */
export function compileAnomalies(files: readonly RuleText[]): CompiledAnomalies {
  const problems = new ProblemList()
  const anomalies = new Map<string, Anomaly>()
  for (const { file, text } of files) {
    const { reading, root } = readDocument(file, text, problems)
    if (root === undefined) continue
    const fields = openMap(root, 'anomalies-file', reading)
    for (const entry of namedEntries(fields.need('anomalies'), reading)) {
      const first = anomalies.get(entry.key)
      if (first !== undefined)
        reading.error(
          entry.at,
          'defined-twice',
          { zh: `异常“${entry.key}”重复定义`, en: `the anomaly "${entry.key}" stands here a second time` },
          {
            zh: `仅一处（首次：${first.at.file}:${first.at.line}）`,
            en: `one (first: ${first.at.file}:${first.at.line})`,
          },
        )
      else anomalies.set(entry.key, readAnomaly(entry, reading))
    }
  }
  return { anomalies: problems.failed ? [] : [...anomalies.values()], problems: problems.sorted() }
}

function readAnomaly(entry: YamlEntry, reading: Reading): Anomaly {
  const fields = openMap(entry.value, 'anomaly', reading)
  const windowMs = fields.duration('window', undefined, {
    min: 1000,
    max: DAY,
    told: { zh: '，从 1s 到 1d', en: ', from 1s to 1d' },
  }) as number
  return {
    id: entry.key,
    zh: fields.text('zh', entry.key, { max: 64 }),
    detector: fields.oneOf(
      'detector',
      null,
      DETECTORS.map((d) => d.name),
    ),
    per: readPer(fields),
    windowMs,
    threshold: fields.integer('threshold', { min: 1, max: 100_000 }),
    cooldownMs: fields.duration('cooldown', windowMs),
    severity: fields.oneOf('severity', 'severity', ['info', 'warning', 'critical'], 'warning'),
    enabled: fields.flag('enabled', true),
    codes: readCodes(fields),
    at: entry.at,
  }
}

const PER: readonly Per[] = ['institution', 'interface', 'subject', 'role']

function readPer(fields: Fields<'anomaly'>): readonly Per[] {
  const node = fields.node('per')
  if (node === undefined) return ['institution']
  const found = (node.type === 'list' ? node.items : [node]).flatMap(
    (item) => readWord(item, 'anomaly-per', PER, fields.reading, fields.word('per')) ?? [],
  )
  return [...new Set(found)]
}

function readCodes(fields: Fields<'anomaly'>): readonly string[] | null {
  const codes = fields.texts('codes', null)
  for (const code of codes ?? []) {
    if (Object.hasOwn(CODES, code)) continue
    fields.reading.error(
      fields.valueAt('codes'),
      'unknown-code',
      { zh: `没有代码“${code.slice(0, 64)}”`, en: `there is no code "${code.slice(0, 64)}"` },
      { zh: 'docs/errors.md 中的代码', en: 'a code of docs/errors.md' },
    )
  }
  return codes
}
