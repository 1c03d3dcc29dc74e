/** Drafts: an editor's own copy of the rules. Everybody who reads rules may read it, its author alone may change it. */
import { SHIPPED } from '../../../mask/language/catalogue.ts'
import { type CellTarget, type NewCell, setCell } from '../../../mask/language/set-cell.ts'
import type { Submitted } from '../../../ports/release.ts'
import type { DraftFile, DraftHead } from '../../../ports/workshop.ts'
import type { BundleFile } from '../../../release/model.ts'
import { idFrom } from '../../accounts/people.ts'
import { BOUNDS, roomToBegin, roomToGrow, sizeOf } from '../bounds.ts'
import { bodyOf, type Call, type Handlers, NO_CONTENT, signedOf } from '../call.ts'
import { Refusal } from '../failure.ts'
import type { ConsoleOptions } from '../options.ts'
import { checkPath, etagOf, filesOf, type Laid, lay, type Shelf } from '../shelf.ts'
import { checkView, fileView, problemsView } from './rules.ts'

type Operations =
  | 'listDrafts'
  | 'addDraft'
  | 'getDraft'
  | 'deleteDraft'
  | 'putDraftFile'
  | 'deleteDraftFile'
  | 'checkDraft'
  | 'setCell'
  | 'rebaseDraft'
  | 'reopenDraft'
  | 'submitDraft'

export function draftOperations(options: ConsoleOptions, shelf: Shelf): Pick<Handlers, Operations> {
  const { workshop, desk, now, random, bounds = BOUNDS } = options
  const view = (draft: DraftHead, call: Call) => draftView(draft, call, options)
  // closed for a submission that this machine did not live to end
  for (const { id, state, proposal } of workshop.drafts())
    if (state === 'submitted' && proposal === null) workshop.settleDraft(id, null)
  return {
    listDrafts: (call) => ({ json: { drafts: workshop.drafts().map((draft) => view(draft, call)) } }),
    getDraft: (call) => ({ json: view(draftOf(call, options), call) }),
    async addDraft(call) {
      const { account } = signedOf(call)
      const { active } = await desk.state()
      const files = (await shelf.active()).map(
        ({ path, text, encoding }): DraftFile => ({ path, text, base: text, encoding }),
      )
      roomToBegin(workshop, bounds, account.id, bytesOf(files))
      const at = new Date(now()).toISOString()
      const draft: DraftHead = {
        id: idFrom(random(16)),
        title: bodyOf<{ title: string }>(call).title,
        author: account.id,
        base: active?.hash ?? null,
        state: 'open',
        proposal: null,
        createdAt: at,
        changedAt: at,
      }
      workshop.addDraft(draft, files)
      call.about.object = draft.id
      return { status: 201, json: view(draft, call) }
    },
    deleteDraft(call) {
      const draft = draftOf(call, options)
      if (!isTheirs(call, draft.author, options)) throw new Refusal('NOT_YOURS')
      if (isJudged(draft)) throw new Refusal('DRAFT_JUDGED')
      workshop.deleteDraft(draft.id)
      return NO_CONTENT
    },
    ...fileOperations(options),
    async checkDraft(call) {
      const { files } = await shelf.get(draftOf(call, options).id)
      return { json: checkView(await shelf.compile(lay(files, bodyOf<{ files: readonly Laid[] }>(call).files))) }
    },
    setCell: (call) => changedCell(call, options, shelf),
    rebaseDraft: (call) => rebased(call, options, shelf),
    reopenDraft: (call) => reopened(call, options),
    submitDraft: (call) => submitted(call, options),
  }
}

/** The changes of a draft on the rules in force now, file by file: nobody's change is written over. */
async function rebased(call: Call, options: ConsoleOptions, shelf: Shelf) {
  const { workshop, desk, now, bounds = BOUNDS } = options
  const draft = ownDraft(call, options)
  if (draft.state !== 'open') throw new Refusal('DRAFT_CLOSED')
  const { active } = await desk.state()
  const theirs = await shelf.active()
  const own = workshop.draftFiles(draft.id)
  const files = carriedOver(own, theirs)
  const moved: DraftHead = { ...draft, base: active?.hash ?? null, changedAt: new Date(now()).toISOString() }
  roomToGrow(workshop, bounds, draft.author, bytesOf(files) - bytesOf(own))
  if (!workshop.rebase(moved, draft.changedAt, files)) throw new Refusal('CHANGED_MEANWHILE')
  return { json: draftView(moved, call, options) }
}

const bytesOf = (files: readonly DraftFile[]): number =>
  files.reduce((sum, { text, base }) => sum + sizeOf(text) + sizeOf(base), 0)

/** Throws Refusal DRAFT_CONFLICTS with the files both sides changed, each otherwise. */
function carriedOver(own: readonly DraftFile[], active: readonly BundleFile[]): DraftFile[] {
  const now = new Map(active.map((file) => [file.path, file]))
  const mine = new Map(own.map((file) => [file.path, file]))
  const both: string[] = []
  const files = [...new Set([...now.keys(), ...mine.keys()])].map((path): DraftFile => {
    const theirs = now.get(path)?.text ?? null
    const { text, base, encoding } = mine.get(path) ?? { text: null, base: null, encoding: now.get(path)!.encoding }
    if (text !== base && theirs !== base && text !== theirs) both.push(path)
    return { path, text: text === base ? theirs : text, base: theirs, encoding }
  })
  if (both.length > 0) throw new Refusal('DRAFT_CONFLICTS', { problems: both.sort().map(conflictIn) })
  return files.filter(({ text, base }) => text !== null || base !== null)
}

const conflictIn = (file: string) => ({
  severity: 'error',
  file,
  line: 1,
  col: 1,
  code: 'both-changed',
  message: 'both changed it',
  zh: { message: '两边都改过' },
  en: { message: 'both changed it' },
})

/** Submitted, and nobody knows yet what becomes of it: opened now, it would stand beside a proposal of the same changes. */
const isJudged = ({ state, proposal }: DraftHead): boolean => state === 'submitted' && proposal === null

/** What was refused or withdrawn is mended where it was written, not typed anew. */
async function reopened(call: Call, options: ConsoleOptions) {
  const draft = ownDraft(call, options)
  if (isJudged(draft)) throw new Refusal('DRAFT_JUDGED')
  if (draft.proposal !== null) {
    const proposal = await options.desk.bundle(draft.proposal)
    if (proposal !== null && proposal.closed === null) throw new Refusal('DRAFT_IN_PROPOSAL')
    if (!options.workshop.reopenDraft(draft.id, draft.proposal)) throw new Refusal('CHANGED_MEANWHILE')
  }
  return { json: draftView(draftOf(call, options), call, options) }
}

/** The draft is closed before its files are judged: what is released is what they were then, and it is submitted once. */
async function submitted(call: Call, options: ConsoleOptions) {
  const { workshop, desk } = options
  const draft = ownDraft(call, options)
  const rows = workshop.closeDraft(draft.id)
  if (rows === null) throw new Refusal('DRAFT_CLOSED')
  let proposal: string | null = null
  try {
    const author = signedOf(call).account.name
    const { reason } = bodyOf<{ reason: string }>(call)
    const said = await desk.submit({ files: filesOf(rows, 'text'), author, why: reason, basedOn: draft.base })
    const json = submittedView(said)
    proposal = json.id
    call.about.note = { proposal, class: said.class }
    return { status: 201, json }
  } finally {
    workshop.settleDraft(draft.id, proposal)
  }
}

function fileOperations(options: ConsoleOptions): Pick<Handlers, 'putDraftFile' | 'deleteDraftFile'> {
  const { workshop, now, bounds = BOUNDS } = options
  const write = (call: Call, text: string | null): string => {
    const draft = ownDraft(call, options)
    if (draft.state !== 'open') throw new Refusal('DRAFT_CLOSED')
    const path = call.query['path']!
    checkPath(path)
    const before = workshop.draftFile(draft.id, path)?.text ?? null
    if (text === null && before === null) throw new Refusal('NOT_FOUND')
    precondition(call, before, text !== null)
    call.about.note = { path }
    roomToGrow(workshop, bounds, draft.author, sizeOf(text) - sizeOf(before))
    const done = workshop.putDraftFile(draft.id, path, before, text, new Date(now()).toISOString())
    if (!done) throw new Refusal('CHANGED_MEANWHILE')
    return path
  }
  return {
    putDraftFile(call) {
      const { text } = bodyOf<{ text: string }>(call)
      const path = write(call, text)
      return { json: fileView(call.params['draftId']!, path, text), etag: etagOf(text) }
    },
    deleteDraftFile(call) {
      write(call, null)
      return NO_CONTENT
    },
  }
}

/** RFC 9110 13.1: nothing is written over what its writer has not seen. */
function precondition({ ifMatch, ifNoneMatch }: Call, before: string | null, mayBeNew: boolean): void {
  if (ifMatch === null && !(mayBeNew && ifNoneMatch === '*')) throw new Refusal('PRECONDITION_REQUIRED')
  const etag = before === null ? null : etagOf(before)
  if (ifMatch === null ? etag !== null : ifMatch !== etag)
    throw new Refusal('CHANGED_MEANWHILE', etag === null ? {} : { etag })
}

/** Throws Refusal NOT_FOUND. */
export function draftOf(call: Call, { workshop }: ConsoleOptions): DraftHead {
  const id = (call.about.object = call.params['draftId']!)
  const draft = workshop.draft(id)
  if (draft === null) throw new Refusal('NOT_FOUND')
  return draft
}

/** Throws Refusal NOT_FOUND, NOT_YOURS. */
export function ownDraft(call: Call, options: ConsoleOptions): DraftHead {
  const draft = draftOf(call, options)
  if (draft.author !== signedOf(call).account.id) throw new Refusal('NOT_YOURS')
  return draft
}

/** Made by the caller, or by somebody whose account is gone or disabled: what nobody could clear away would stay. */
export const isTheirs = (call: Call, author: string, { accounts }: Pick<ConsoleOptions, 'accounts'>): boolean =>
  author === signedOf(call).account.id || accounts.account(author)?.disabled !== false

interface CellBody {
  readonly path: string
  readonly element: string
  readonly cell: { readonly method: string; readonly params?: Readonly<Record<string, unknown>> } | null
  readonly text?: string
}

async function changedCell(call: Call, options: ConsoleOptions, shelf: Shelf) {
  const { path, element, cell, text: typed } = bodyOf<CellBody>(call)
  const { files, base } = await shelf.get(ownDraft(call, options).id)
  const text = typed ?? files.find((f) => f.path === path && f.encoding === 'utf8')?.text
  if (text === undefined) throw new Refusal('NOT_FOUND')
  const { compiled } = await shelf.compile(files)
  const rules = compiled?.rules ?? (base === null ? undefined : (await shelf.compile(base)).compiled?.rules)
  const known = rules?.elementById.get(element)
  const target: CellTarget | undefined = element === 'undecided' || element === 'unknown' ? element : known
  if (target === undefined) throw new Refusal('CELL_NOT_SIMPLE')
  const next: NewCell | null = cell === null ? null : { method: cell.method, params: cell.params ?? {} }
  const edit = setCell(text, target, next, SHIPPED)
  if (edit === null) throw new Refusal('CELL_NOT_SIMPLE')
  return { json: { path, text: edit.text, line: edit.line } }
}

/** Throws Refusal with the code of the gate and its problems. */
function submittedView({ bundle, refused, class: change, needs, tests, problems, changes }: Submitted) {
  if (bundle === null) {
    const told = problemsView(problems)
    throw new Refusal(refused ?? 'GATE_PROBLEMS', told.length === 0 ? {} : { problems: told })
  }
  const { id, hash } = bundle
  const { passed, failed } = tests
  return {
    id,
    hash,
    class: change,
    needs,
    tests: { passed, failed },
    problems: problemsView(problems),
    changes: changes.map(({ class: c, what, zh, en }) => ({ what, class: c, message: { zh, en } })),
  }
}

function draftView(draft: DraftHead, call: Call, { accounts, workshop }: ConsoleOptions) {
  const { id, title, author, base, state, proposal, createdAt, changedAt } = draft
  const changed = workshop.draftFiles(id).filter((f) => f.text !== f.base)
  return {
    id,
    title,
    author: { id: author, name: accounts.account(author)?.displayName ?? author },
    base,
    state,
    mine: author === signedOf(call).account.id,
    droppable: isTheirs(call, author, { accounts }) && !isJudged(draft),
    changed: changed.map(({ path }) => path),
    createdAt,
    changedAt,
    proposal,
  }
}
