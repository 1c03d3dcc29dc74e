/** Samples read, saved and forgotten. What is saved holds no identifier, or a person answers for it by name. */
import { createHash } from 'node:crypto'
import { detect } from '../../../mask/detectors/index.ts'
import { FORMATS } from '../../../mask/formats/index.ts'
import type { FormatName } from '../../../mask/model.ts'
import { idFrom } from '../../accounts/people.ts'
import { BOUNDS } from '../bounds.ts'
import { bodyOf, type Call, type Handlers, NO_CONTENT, signedOf } from '../call.ts'
import { Refusal } from '../failure.ts'
import type { ConsoleOptions } from '../options.ts'
import type { Sample, Samples } from '../samples.ts'
import { isTheirs } from './drafts.ts'

type Operations = 'listSamples' | 'saveSample' | 'getSample' | 'deleteSample'

interface NewSample {
  readonly title: string
  readonly format: string
  readonly text: string
  readonly synthetic?: boolean
}

export function sampleOperations(options: ConsoleOptions, samples: Samples): Pick<Handlers, Operations> {
  const { accounts, workshop, now, random, bounds = BOUNDS } = options
  const droppable = (call: Call, by: string | null): boolean => by !== null && isTheirs(call, by, options)
  const view = (call: Call, { id, title, format, shipped, by, at, text }: Sample) => ({
    id,
    title,
    format,
    shipped,
    droppable: droppable(call, by),
    size: Buffer.byteLength(text),
    by: by === null ? null : { id: by, name: accounts.account(by)?.displayName ?? by },
    at,
  })
  return {
    listSamples: async (call) => ({ json: { samples: (await samples.list()).map((sample) => view(call, sample)) } }),
    async getSample(call) {
      const sample = await samples.get(call.params['sampleId']!)
      return { json: { ...view(call, sample), text: sample.text } }
    },
    saveSample(call) {
      const { title, format, text, synthetic = false } = bodyOf<NewSample>(call)
      if (!FORMATS.has(format as FormatName)) throw new Refusal('BAD_BODY')
      if (workshop.samples().length >= bounds.samples) throw new Refusal('TOO_MANY_SAMPLES')
      const hits = hitsOf(`${title}\n${text}`)
      if (hits.length > 0 && !synthetic) throw new Refusal('SAMPLE_HITS', { hits })
      const id = idFrom(random(16))
      const sample = { id, title, format, by: signedOf(call).account.id, at: new Date(now()).toISOString(), text }
      workshop.addSample(sample)
      tell(call, id, text, synthetic, hits)
      return { status: 201, json: view(call, { ...sample, shipped: false }) }
    },
    async deleteSample(call) {
      const id = (call.about.object = call.params['sampleId']!)
      const sample = await samples.get(id)
      if (!droppable(call, sample.by)) throw new Refusal('NOT_YOURS')
      workshop.deleteSample(id)
      return NO_CONTENT
    },
  }
}

function hitsOf(text: string): { detector: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { detector } of detect(bare(text))) counts.set(detector, (counts.get(detector) ?? 0) + 1)
  return [...counts].map(([detector, count]) => ({ detector, count }))
}

/** Escapes of JSON and of XML hide no digit. */
const bare = (text: string): string =>
  text
    .replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/&#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));/g, (whole, hex?: string, decimal?: string) => {
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return point > 0x10ffff ? whole : String.fromCodePoint(point)
    })

function tell(
  call: Call,
  id: string,
  text: string,
  synthetic: boolean,
  hits: readonly { detector: string; count: number }[],
): void {
  call.about.object = id
  call.about.note = {
    digest: createHash('sha256').update(text).digest('hex'),
    synthetic,
    hits: hits.reduce((sum, h) => sum + h.count, 0),
  }
}
