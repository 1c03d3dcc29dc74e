/** Masks a sample for a rule test and reads the values of every element before and after. */
import { createHash } from 'node:crypto'
import { isGatewayError } from '../base/errors.ts'
import { createRing } from '../base/keyring.ts'
import { compilePlan, compileWriteCheck } from './compile.ts'
import { Cursor } from './cursor.ts'
import type { DatasetName } from './keyed.ts'
import type { ElementValues, RunSample, SampleRequest } from './language/rule-test.ts'
import { type Explained, explainPayload, maskPayload, NO_HINTS } from './mask.ts'
import type { RuleSet } from './model.ts'
import type { Limits, Plan } from './plan.ts'
import { Pseudonyms } from './pseudonym.ts'
import { CLOSE, LEAF, OPEN, Tape, TYPE_MASK } from './tape.ts'

const LIMITS: Limits = { maxDepth: 512, maxBytes: 64 * 1024 * 1024 }
/** Samples hold invented persons: their tokens need no secret, but must be the same in every run. */
const RING = createRing(Buffer.alloc(32, 0x56), '2026-01-01T00:00:00Z')
const PROVIDER = 'sample'
const NO_DATE = '2000-01-01'

export const runSample: RunSample = (rules, request) => {
  let dateUsed = false
  const today = (): string => {
    dateUsed = true
    return request.date ?? NO_DATE
  }
  const pseudonyms = new Pseudonyms(RING)
  try {
    const plan = compilePlan(rules, planRequest(request), {
      pseudonyms,
      today,
      random: counting(),
      randomIds: { idOf: (dataset, slot, canonical) => idOf(pseudonyms, dataset, slot, canonical) },
    })
    if (plan === null) return { refused: 'ROLE_DENIED' }
    const body = Buffer.from(request.bytes)
    const masked = plan.keepsAll ? body : maskPayload(plan, body, NO_HINTS, LIMITS).body
    const dated = dateUsed
    const reader = readingPlan(rules, request, pseudonyms, today)
    const before = read(reader, body)
    const after = read(reader, masked)
    return {
      refused: null,
      before: before.values,
      after: after.values,
      texts: [...after.texts, masked.toString('utf8')],
      dateUsed: dated,
    }
  } catch (error) {
    if (isGatewayError(error)) return { refused: error.code }
    throw error
  }
}

/** The same without the values: every leaf with its deciding line, as the road would treat the sample. */
export function explainSample(
  rules: RuleSet,
  request: SampleRequest,
): { readonly refused: string } | { readonly refused: null; readonly leaves: readonly Explained[] } {
  try {
    const world = { pseudonyms: new Pseudonyms(RING), today: () => request.date ?? NO_DATE }
    const plan = compilePlan(rules, planRequest(request), world)
    if (plan === null) return { refused: 'ROLE_DENIED' }
    return { refused: null, leaves: explainPayload(plan, Buffer.from(request.bytes), NO_HINTS, LIMITS).leaves }
  } catch (error) {
    if (isGatewayError(error)) return { refused: error.code }
    throw error
  }
}

/** Repeatable bytes: a sample's ciphertexts are looked at by tests, never sent. */
function counting(): (bytes: number) => Buffer {
  let n = 0
  return (bytes) => createHash('sha512').update(String(n++)).digest().subarray(0, bytes)
}

/** Random ids of samples are reckoned, so that they are the same in every run; no map is kept. */
const idOf = (pseudonyms: Pseudonyms, { recipient, name }: DatasetName, slot: string, canonical: string): string =>
  pseudonyms.randomToken(
    createHash('sha512')
      .update(JSON.stringify([recipient, name, slot, canonical]))
      .digest(),
  )

const planRequest = (request: SampleRequest) => ({
  role: request.role,
  scenario: request.scenario,
  recipient: request.institution,
  institution: request.institution,
  provider: PROVIDER,
  purpose: request.purpose,
  project: 'rule-test',
  interfaceId: request.interfaceId ?? '',
  format: request.format,
  direction: 'response' as const,
  policy: null,
  rows: null,
})

function readingPlan(rules: RuleSet, request: SampleRequest, pseudonyms: Pseudonyms, today: () => string): Plan {
  const call = pseudonyms.forCall({ recipient: PROVIDER, scenario: null, holder: PROVIDER, project: null })
  const entry = { id: request.interfaceId ?? '', format: request.format, rows: null, provider: PROVIDER }
  return compileWriteCheck(rules, entry, call, today)
}

interface Read {
  readonly values: ElementValues
  readonly texts: readonly string[]
}

function read(plan: Plan, body: Buffer): Read {
  const tape = new Tape(1024)
  const doc = plan.reader.read(body, tape, LIMITS, NO_HINTS)
  const cursor = new Cursor(plan, doc, tape)
  const values = new Map<string, string[]>()
  const texts: string[] = []
  for (let i = 0; i < tape.count; i++) {
    const type = tape.words[i << 2]! & TYPE_MASK
    if (type === OPEN) cursor.open.push(i)
    else if (type === CLOSE) cursor.open.pop()
    else if (type === LEAF && !cursor.isEmpty(i)) {
      const text = cursor.text(i)
      texts.push(text)
      const candidate = cursor.choose(i)
      if (candidate === null || candidate.role === 'use') continue
      const list = values.get(candidate.element.id)
      if (list === undefined) values.set(candidate.element.id, [text])
      else list.push(text)
    }
  }
  return { values, texts }
}
