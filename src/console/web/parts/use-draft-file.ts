/**
 * One file of a draft: what is typed is kept on the server within a second, with the ETag it was read with, so that
 * neither a reload nor a second window loses anything. What could not be kept (a conflict, a session that ended) waits in
 * this window for whoever comes back to the file.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import { call, Refused } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { unkept } from './unkept.ts'

export type Keeping = 'loading' | 'kept' | 'waiting' | 'keeping' | 'conflict' | 'failed'

export interface DraftFile {
  readonly text: string
  readonly language: 'zh' | 'en'
  readonly state: Keeping
  readonly problem: Schemas['Problem'] | undefined
  /** grows with every text the server has kept */
  readonly kept: number
  readonly type: (text: string) => void
  /** the text as it is at this moment, also between two renderings */
  readonly now: () => string
  /** after a conflict: take the server's text, or write this one over it */
  readonly settle: (whose: 'theirs' | 'mine') => void
}

const PAUSE = 700

const CHANGED = (etag: string): Schemas['Problem'] => ({
  type: 'about:blank',
  title: 'The file was changed meanwhile.',
  status: 412,
  code: 'CHANGED_MEANWHILE',
  messageZh: '内容已被改动，您还有未保存的修改',
  messageEn: 'The file was changed meanwhile, and what you typed was not kept.',
  etag,
})

interface Held {
  text: string
  etag: string
  saving: boolean
  path: string
}

export function useDraftFile(draft: string, path: string): DraftFile {
  const [text, setText] = useState('')
  const [language, setLanguage] = useState<'zh' | 'en'>('zh')
  const [state, setState] = useState<Keeping>('loading')
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const [kept, setKept] = useState(0)
  const held = useRef<Held>({ text: '', etag: '', saving: false, path: '' })
  const timer = useRef(0)

  const saveNow = useRef<() => Promise<void>>(async () => {})
  const load = useCallback(async () => {
    setState('loading')
    try {
      const file = await call('GET /api/rules/{ref}/file', { path: { ref: draft }, query: { path } })
      const own = unkept.get(draft, path)
      const mine = own === undefined || own.text === file.text ? undefined : own
      held.current = { text: mine?.text ?? file.text, etag: mine?.etag ?? file.etag, saving: false, path }
      setText(held.current.text)
      setLanguage(file.language)
      setKept((count) => count + 1)
      if (mine === undefined) unkept.drop(draft, path)
      else if (mine.etag !== file.etag) {
        setProblem(CHANGED(file.etag))
        return setState('conflict')
      }
      setProblem(undefined)
      setState('kept')
      if (mine !== undefined) void saveNow.current()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
      setState('failed')
    }
  }, [draft, path])

  const save = useCallback(async () => {
    const mine = held.current
    if (mine.saving || mine.path !== path) return
    mine.saving = true
    const sent = mine.text
    setState('keeping')
    try {
      const input = { path: { draftId: draft }, query: { path }, body: { text: sent }, match: mine.etag }
      const file = await call('PUT /api/drafts/{draftId}/file', input)
      mine.etag = file.etag
      unkept.drop(draft, path)
      setProblem(undefined)
      setKept((count) => count + 1)
      setState('kept')
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      unkept.put(draft, path, { text: mine.text, etag: mine.etag })
      setProblem(error.problem)
      setState(error.problem.code === 'CHANGED_MEANWHILE' ? 'conflict' : 'failed')
      return
    } finally {
      mine.saving = false
    }
    // typed on while it was being kept
    if (mine.text !== sent) void save()
  }, [draft, path])
  saveNow.current = save

  useEffect(() => {
    void load()
    const flush = () => {
      window.clearTimeout(timer.current)
      timer.current = 0
    }
    const leave = () => {
      if (timer.current !== 0) void save()
      flush()
    }
    // the browser asks whether to leave what was not kept
    const warn = (event: BeforeUnloadEvent) => {
      if (unkept.get(draft, path) !== undefined) event.preventDefault()
    }
    window.addEventListener('pagehide', leave)
    window.addEventListener('beforeunload', warn)
    return () => {
      window.removeEventListener('pagehide', leave)
      window.removeEventListener('beforeunload', warn)
      // another file, another page: what waits is kept at once
      leave()
    }
  }, [load, save, draft, path])

  const type = useCallback(
    (next: string) => {
      if (held.current.text === next) return
      held.current.text = next
      const { etag } = held.current
      if (unkept.get(draft, path) !== undefined) unkept.put(draft, path, { text: next, etag })
      setText(next)
      setState((now) => (now === 'conflict' ? now : 'waiting'))
      window.clearTimeout(timer.current)
      timer.current = window.setTimeout(() => {
        timer.current = 0
        void save()
      }, PAUSE)
    },
    [save, draft, path],
  )
  const settle = useCallback(
    (whose: 'theirs' | 'mine') => {
      if (whose === 'theirs') {
        unkept.drop(draft, path)
        return void load()
      }
      held.current.etag = problem?.etag ?? held.current.etag
      void save()
    },
    [load, save, problem, draft, path],
  )
  const now = useCallback(() => held.current.text, [])
  return { text, language, state, problem, kept, type, now, settle }
}
