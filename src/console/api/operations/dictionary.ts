/** A batch of dictionary rows: what it changes and what it hits is shown before anything is kept. */
import { setImmediate as pause } from 'node:timers/promises'
import type { Problem } from '../../../base/problem.ts'
import { inSlices, type Steps } from '../../../base/steps.ts'
import { type DictionaryDiff, diffSteps, type SampleTexts } from '../../../mask/dictionary/diff.ts'
import { importSteps } from '../../../mask/dictionary/import.ts'
import { termKey } from '../../../mask/dictionary/lookup.ts'
import { dictionarySteps, type ReadDictionary } from '../../../mask/dictionary/read.ts'
import type { Draft } from '../../../mask/dictionary/row.ts'
import type { Dictionary, DictionaryEntry } from '../../../mask/model.ts'
import { BOUNDS, roomToGrow, sizeOf } from '../bounds.ts'
import { type Call, type Handlers, signedOf } from '../call.ts'
import { Refusal } from '../failure.ts'
import type { Compilation, ConsoleOptions } from '../options.ts'
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
      const came = await imported(call, options, existing, dictionary)
      const { problems } = await shelf.compile(lay(files, [{ path, text: came.text }]))
      // what is wrong with the batch is wrong with the file it makes, too: told once, where its writer finds it
      const wrong = came.problems.some((p) => p.severity === 'error')
      const conflicts = wrong ? came.problems : [...came.problems, ...brought(problems, await shelf.compile(files))]
      if (mode === 'apply') {
        if (conflicts.some((p) => p.severity === 'error'))
          throw new Refusal('DICTIONARY_CONFLICTS', { problems: problemsView(conflicts) })
        const { workshop, bounds = BOUNDS } = options
        roomToGrow(workshop, bounds, draft.author, sizeOf(came.text) - sizeOf(existing))
        const at = new Date(options.now()).toISOString()
        if (!workshop.putDraftFile(draft.id, path, existing, came.text, at)) throw new Refusal('CHANGED_MEANWHILE')
      }
      const seen = await compared(path, existing, came, await textsOf(samples))
      call.about.note = { dictionary, mode, rows: came.rows, batch: batch ?? '' }
      return {
        json: {
          dictionary,
          applied: mode === 'apply',
          rows: came.rows,
          ...diffView(seen, came.came.length),
          conflicts: problemsView(conflicts),
        },
      }
    },
  }
}

/** Errors the batch brings: those the draft had before are no conflicts of it. */
function brought(after: readonly Problem[], before: Compilation): Problem[] {
  const nameOf = ({ file, line, code, message }: Problem): string => JSON.stringify([file, line, code, message])
  const old = new Set(before.problems.map(nameOf))
  return after.filter((p) => p.severity === 'error' && !old.has(nameOf(p)))
}

interface Batch {
  /** the dictionary's file after the batch */
  readonly text: string
  readonly rows: number
  /** what came, and whether it is in force at all */
  readonly came: readonly Draft[]
  readonly problems: readonly Problem[]
}

async function imported(
  call: Call,
  { tools }: ConsoleOptions,
  existing: string | null,
  dictionary: string,
): Promise<Batch> {
  // a name of ours: what a browser calls the file may hold anything
  const file = `${dictionary}.${call.mediaType === 'text/csv' ? 'csv' : 'xlsx'}`
  if (!Buffer.isBuffer(call.body)) throw new Refusal('BAD_BODY')
  const { table, problems } = await tools.readTable(call.body, file)
  if (table === null) throw new Refusal('TABLE_UNREADABLE', { problems: problemsView(problems) })
  const defaults = { batch: call.query['batch'] ?? null, author: signedOf(call).account.name, signed: true }
  const into = (text: string | null) => inSlices(importSteps(text, { file, ...table }, defaults), () => pause())
  const { text, rows, problems: told } = await into(existing)
  const alone = existing === null ? text : (await into(null)).text
  const { drafts: came } = await read(file, alone)
  return { text, rows, came, problems: [...problems, ...told] }
}

const read = (path: string, text: string): Promise<ReadDictionary> =>
  inSlices(dictionarySteps(path, text), () => pause())

/** Every row as if it were in force for everybody now: an officer looks at a batch before it is. */
function inForce(id: string, rows: readonly Draft[]): Dictionary {
  const entries = rows.map(({ entry }): DictionaryEntry => ({ ...entry, from: null, to: null, roles: null }))
  const terms = new Map<string, DictionaryEntry[]>()
  for (const entry of entries)
    for (const name of entry.mode === 'text' ? [] : [entry.term, ...entry.aliases]) {
      const key = termKey(name)
      terms.set(key, [...(terms.get(key) ?? []), entry])
    }
  return { id, rows: entries, terms }
}

/** Rows whatever their status, as they are written: what is in review is a change to be seen, too. */
const asWritten = (id: string, rows: readonly Draft[]): Dictionary => ({
  id,
  rows: rows.map(({ entry }) => entry),
  terms: new Map(),
})

async function compared(
  path: string,
  existing: string | null,
  { text, came }: Batch,
  samples: readonly SampleTexts[],
): Promise<{ diff: DictionaryDiff; drafts: readonly Draft[]; hits: DictionaryDiff['hits'] }> {
  const before = existing === null ? null : asWritten(path, (await read(path, existing)).drafts)
  const { drafts } = await read(path, text)
  const slices = <T>(steps: Steps<T>): Promise<T> => inSlices(steps, () => pause())
  const diff = await slices(diffSteps(before, asWritten(path, drafts), [], ''))
  const { hits } = await slices(diffSteps(null, inForce(path, came), samples, ''))
  return { diff, drafts, hits }
}

/** Cut at what no term goes across: quotes, HL7 separators, tags, line ends. */
async function textsOf(samples: Samples): Promise<SampleTexts[]> {
  return (await samples.list()).map(({ id, text }) => ({
    name: id,
    texts: text.split(/["|^~<>\r\n]/).filter((part) => /\p{L}/u.test(part)),
  }))
}

function diffView({ diff: { added, changed }, drafts, hits }: Awaited<ReturnType<typeof compared>>, rows: number) {
  const counts = new Map<string, number>()
  for (const { sample, after } of hits) counts.set(sample, (counts.get(sample) ?? 0) + after)
  const statuses = new Map(drafts.map(({ entry, status }) => [entry, status]))
  const entries = [
    ...added.map((row) => ({
      row: row.at.line,
      term: row.term,
      change: 'added',
      before: null,
      after: row.replacement,
      status: statuses.get(row),
    })),
    ...changed.map(({ before, after }) => ({
      row: after.at.line,
      term: after.term,
      change: 'changed',
      before: before.replacement,
      after: after.replacement,
      status: statuses.get(after),
    })),
  ]
  return {
    added: added.length,
    changed: changed.length,
    same: Math.max(0, rows - added.length - changed.length),
    inactive: entries.filter(({ status }) => status !== 'active').length,
    entries: entries.slice(0, SHOWN),
    hits: [...counts].map(([sample, count]) => ({ sample, count })),
  }
}
