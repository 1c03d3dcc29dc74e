/** A batch of dictionary rows: what it changes and what it hits is shown before anything is kept. */
import { setImmediate as pause } from 'node:timers/promises'
import type { Problem } from '../../../base/problem.ts'
import { type DictionaryDiff, diffSteps, type SampleTexts } from '../../../mask/dictionary/diff.ts'
import { importSteps } from '../../../mask/dictionary/import.ts'
import { dictionarySteps, type ReadDictionary } from '../../../mask/dictionary/read.ts'
import { inSlices } from '../../../mask/dictionary/steps.ts'
import { type Call, type Handlers, signedOf } from '../call.ts'
import { Refusal } from '../failure.ts'
import type { ConsoleOptions } from '../options.ts'
import type { Samples } from '../samples.ts'
import { lay, type Shelf } from '../shelf.ts'
import { ownDraft } from './drafts.ts'
import { problemsView } from './rules.ts'

const SHOWN = 500

export function dictionaryOperations(
  options: ConsoleOptions,
  shelf: Shelf,
  samples: Samples,
): Pick<Handlers, 'dictionaryBatch'> {
  return {
    async dictionaryBatch(call) {
      const draft = ownDraft(call, options)
      const { mode = 'preview', batch } = call.query
      if (draft.state !== 'open') throw new Refusal('DRAFT_CLOSED')
      if (mode === 'apply' && batch === undefined) throw new Refusal('BATCH_MISSING')
      const dictionary = call.params['dictionary']!
      const path = `dictionaries/${dictionary}.csv`
      const { files } = await shelf.get(draft.id)
      const existing = files.find((f) => f.path === path)?.text ?? null
      const read = await imported(call, options, existing, dictionary)
      const { compiled, problems } = await shelf.compile(lay(files, [{ path, text: read.text }]))
      const conflicts = [...read.problems, ...problems.filter((p) => p.severity === 'error')]
      if (mode === 'apply') {
        if (compiled === null || conflicts.some((p) => p.severity === 'error'))
          throw new Refusal('DICTIONARY_CONFLICTS', { problems: problemsView(conflicts) })
        const at = new Date(options.now()).toISOString()
        if (!options.workshop.putDraftFile(draft.id, path, existing, read.text, at))
          throw new Refusal('CHANGED_MEANWHILE')
      }
      const diff = await compared(path, existing, read.text, await textsOf(samples), options)
      call.about.note = { dictionary, mode, rows: read.rows, batch: batch ?? '' }
      return {
        json: {
          dictionary,
          applied: mode === 'apply',
          rows: read.rows,
          ...diffView(diff),
          conflicts: problemsView(conflicts),
        },
      }
    },
  }
}

async function imported(call: Call, { tools }: ConsoleOptions, existing: string | null, dictionary: string) {
  // a name of ours: what a browser calls the file may hold anything
  const file = `${dictionary}.${call.mediaType === 'text/csv' ? 'csv' : 'xlsx'}`
  if (!Buffer.isBuffer(call.body)) throw new Refusal('BAD_BODY')
  const { table, problems } = await tools.readTable(call.body, file)
  if (table === null) throw new Refusal('TABLE_UNREADABLE', { problems: problemsView(problems) })
  const defaults = { batch: call.query['batch'] ?? null, author: signedOf(call).account.name, signed: true }
  const steps = importSteps(existing, { file, ...table }, defaults)
  const { text, rows, problems: told } = await inSlices(steps, () => pause())
  return { text, rows, problems: [...problems, ...told] as Problem[] }
}

async function compared(
  path: string,
  existing: string | null,
  text: string,
  samples: readonly SampleTexts[],
  { zone, now }: ConsoleOptions,
): Promise<DictionaryDiff> {
  const read = async (content: string): Promise<ReadDictionary> =>
    inSlices(dictionarySteps(path, content), () => pause())
  const before = existing === null ? null : (await read(existing)).dictionary
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(now())
  return inSlices(diffSteps(before, (await read(text)).dictionary, samples, day), () => pause())
}

/** Cut at what no term goes across: quotes, HL7 separators, tags, line ends. */
async function textsOf(samples: Samples): Promise<SampleTexts[]> {
  return (await samples.list()).map(({ id, text }) => ({
    name: id,
    texts: text.split(/["|^~<>\r\n]/).filter((part) => /\p{L}/u.test(part)),
  }))
}

function diffView({ added, changed, unchanged, hits }: DictionaryDiff) {
  const counts = new Map<string, number>()
  for (const { sample, after } of hits) counts.set(sample, (counts.get(sample) ?? 0) + after)
  const entries = [
    ...added.map((row) => ({
      row: row.at.line,
      term: row.term,
      change: 'added',
      before: null,
      after: row.replacement,
    })),
    ...changed.map(({ before, after }) => ({
      row: after.at.line,
      term: after.term,
      change: 'changed',
      before: before.replacement,
      after: after.replacement,
    })),
  ]
  return {
    added: added.length,
    changed: changed.length,
    same: unchanged,
    entries: entries.slice(0, SHOWN),
    hits: [...counts].map(([sample, count]) => ({ sample, count })),
  }
}
