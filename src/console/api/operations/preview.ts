/**
 * Before and after. Pasted text is an argument of one call and of nothing else: it goes into no store, no log, no audit
 * event and no error.
 */

import { CODES, isGatewayError } from '../../../base/errors.ts'
import { createRing } from '../../../base/keyring.ts'
import { FORMATS } from '../../../mask/formats/index.ts'
import { compilePlan, type FormatName, Pseudonyms } from '../../../mask/index.ts'
import { formatOf } from '../../../mask/language/rule-test.ts'
import { type PreviewedValue, previewText } from '../../../mask/preview.ts'
import { bodyOf, type Handlers } from '../call.ts'
import { CONSOLE_CODES, Refusal } from '../failure.ts'
import type { Compilation, ConsoleOptions } from '../options.ts'
import type { Samples } from '../samples.ts'
import { type Laid, lay, type Shelf } from '../shelf.ts'
import { problemsView } from './rules.ts'

interface Request {
  readonly sample?: string
  readonly text?: string
  readonly format?: string
  readonly role: string
  readonly scenario?: string
  readonly institution?: string
  readonly interface?: string
  readonly purpose?: string
  readonly at?: string
  readonly files?: readonly Laid[]
}

const LIMITS = { maxDepth: 512, maxBytes: 4 << 20 }
/** stands for an institution or interface the rules do not name */
const NOBODY = 'preview'

export function previewOperations(
  { tools, zone, now, previewKey }: ConsoleOptions,
  shelf: Shelf,
  samples: Samples,
): Pick<Handlers, 'preview' | 'runTests'> {
  const pseudonyms = new Pseudonyms(createRing(Buffer.from(previewKey), '2026-01-01T00:00:00Z'))
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: zone })
  return {
    async preview(call) {
      const request = bodyOf<Request>(call)
      const { files } = await shelf.get((call.about.object = call.params['ref']!))
      const { text, format } = await sourceOf(request, samples)
      call.about.note = { pasted: request.sample === undefined }
      const { compiled, problems } = await shelf.compile(lay(files, request.files ?? []))
      // any other word in this field is as much the reader's own as the text is
      if (compiled?.rules.policies.some((policy) => policy.for.roles?.includes(request.role)) === true)
        call.about.note['role'] = request.role
      if (compiled === null) return { json: unmasked('RULES_REFUSED', text, format, problems) }
      const today = request.at ?? day.format(now())
      return { json: previewed(compiled, request, text, format, { pseudonyms, today: () => today }) }
    },
    async runTests(call) {
      const { files } = await shelf.get((call.about.object = call.params['ref']!))
      const laid = lay(files, bodyOf<{ files: readonly Laid[] }>(call).files)
      const { compiled, problems } = await shelf.compile(laid)
      if (compiled === null) throw new Refusal('RULES_REFUSED', { problems: problemsView(problems) })
      const { passed, failed, problems: told } = await tools.test(compiled, laid)
      return { json: { passed, failed, problems: problemsView(told) } }
    },
  }
}

async function sourceOf(
  { sample, text, format }: Request,
  samples: Samples,
): Promise<{ text: string; format: FormatName }> {
  if ((sample === undefined) === (text === undefined)) throw new Refusal('BAD_BODY')
  if (sample === undefined) return { text: text!, format: formatNamed(format) }
  const found = await samples.get(sample)
  return { text: found.text, format: formatNamed(format ?? found.format) }
}

function formatNamed(name: string | undefined): FormatName {
  if (name === undefined || !FORMATS.has(name as FormatName)) throw new Refusal('BAD_BODY')
  return name as FormatName
}

export const formatOfPath = (path: string): FormatName | null => formatOf(path)

function previewed(
  { rules, directory }: NonNullable<Compilation['compiled']>,
  request: Request,
  text: string,
  format: FormatName,
  world: { readonly pseudonyms: Pseudonyms; readonly today: () => string },
) {
  const entry = request.interface === undefined ? undefined : directory?.entries.get(request.interface)
  const institution = request.institution ?? NOBODY
  try {
    const plan = compilePlan(
      rules,
      {
        role: request.role,
        scenario: request.scenario ?? null,
        recipient: institution,
        institution,
        provider: entry?.provider ?? NOBODY,
        purpose: request.purpose ?? null,
        project: NOBODY,
        interfaceId: request.interface ?? '',
        format,
        direction: 'response',
        policy: null,
        rows: entry?.rows ?? null,
      },
      world,
    )
    if (plan === null) return unmasked('ROLE_DENIED', text, format, [])
    const { after, values } = previewText(plan, text, LIMITS)
    return {
      refused: null,
      because: null,
      format,
      before: text,
      after,
      values: values.map(valueView),
      counts: countsOf(values),
      problems: [],
    }
  } catch (error) {
    if (isGatewayError(error)) return unmasked(error.code, text, format, [])
    throw error
  }
}

/** A code of the gateway or of this console in words; neither quotes a payload. */
function sayOf(code: string): { zh: string; en: string } | null {
  const rows: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = { ...CODES, ...CONSOLE_CODES }
  const row = rows[code]
  return row === undefined ? null : { zh: row.zh, en: row.en }
}

const valueView = ({ address, element, method, outcome, before, after, why }: PreviewedValue) => ({
  address,
  element: element?.id ?? null,
  level: element?.level ?? null,
  method,
  outcome,
  before,
  after,
  why: { source: why.source, policy: why.policy, at: why.at },
})

function countsOf(values: readonly PreviewedValue[]) {
  const counts = { kept: 0, replaced: 0, removed: 0 }
  for (const { outcome } of values) counts[outcome]++
  return counts
}

const unmasked = (refused: string, before: string, format: FormatName, problems: Compilation['problems']) => ({
  refused,
  because: sayOf(refused),
  format,
  before,
  after: null,
  values: [],
  counts: { kept: 0, replaced: 0, removed: 0 },
  problems: problemsView(problems),
})
