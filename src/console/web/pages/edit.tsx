/** A draft's file by form and as text, both in step; problems and tests follow the typing. */
import { Button, Select, Tabs } from 'antd'
import { lazy, useEffect, useMemo, useRef, useState } from 'react'
import { call } from '../api/client.ts'
import { useSession } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { CellForm } from '../parts/cell-form.tsx'
import { KeepingNote } from '../parts/keeping-note.tsx'
import { Page } from '../parts/page.tsx'
import { ProofPanel } from '../parts/proof-panel.tsx'
import { Refusal } from '../parts/refusal.tsx'
import { type DraftFile, useDraftFile } from '../parts/use-draft-file.ts'
import { type Ground, useGround } from '../parts/use-ground.ts'
import { useJudged } from '../parts/use-judged.ts'
import { useNarrow } from '../parts/use-narrow.ts'
import { type Proof, useProof } from '../parts/use-proof.ts'
import { go, hrefOf, usePlace } from '../router.ts'
import { cellsOf } from '../yaml/cells.ts'
import { completionFor } from '../yaml/completion.ts'

const YamlEditor = lazy(() => import('../parts/yaml-editor.tsx'))

export default function EditPage() {
  const { query } = usePlace()
  const draft = query.get('draft') ?? ''
  const { data, problem, reload } = useLoaded(
    () => call('GET /api/drafts/{draftId}', { path: { draftId: draft } }),
    draft,
  )
  useJudged(data, reload)
  const { ground, rules } = useGround(draft)
  const path = query.get('file') ?? ground?.rules.policies[0]?.file
  if (problem !== undefined || rules.problem !== undefined) return <Refusal problem={problem ?? rules.problem} />
  if (data === undefined || ground === undefined || path === undefined) return null
  return <Workbench key={draft} draft={data} ground={ground} path={path} />
}

const isPolicy = (path: string): boolean => /^policies\/.*(?<!\.test)\.ya?ml$/.test(path)

interface WorkbenchProps {
  readonly draft: Schemas['Draft']
  readonly ground: Ground
  readonly path: string
}

function Workbench({ draft, ground, path }: WorkbenchProps) {
  const { t } = useLanguage()
  const { may } = useSession()
  const { query } = usePlace()
  const file = useDraftFile(draft.id, path)
  const proof = useProof(draft.id, file.kept, may('runTests'))
  const [show, setShow] = useState<{ line: number; at: number } | undefined>(undefined)
  const open = (next: string, line?: number) => {
    if (next !== path) go('edit', { draft: draft.id, file: next, line: line?.toString() })
    else if (line !== undefined) setShow({ line, at: Date.now() })
  }
  const mayWrite = isPolicy(path) ? 'edit.about' : 'edit.textAbout'
  const own = draft.state === 'open' ? mayWrite : draft.proposal === null ? 'draft.judged' : 'draft.closed'
  const about = draft.mine ? t(own) : t('edit.foreign', { author: draft.author.name })
  const wanted = query.get('line')
  useEffect(() => {
    if (wanted !== null && file.state === 'kept') setShow({ line: Number(wanted), at: 0 })
  }, [wanted, file.state])
  return (
    <Page
      wide
      title={draft.title}
      about={about}
      actions={
        <>
          <KeepingNote state={file.state} />
          <Button href={hrefOf('preview', { ref: draft.id })}>{t('nav.preview')}</Button>
          <Button type="primary" href={hrefOf('review', { draft: draft.id })}>
            {t('edit.review')}
          </Button>
        </>
      }
    >
      <FilePicker rules={ground.rules} path={path} onPick={open} />
      <Conflict file={file} />
      <Sides draft={draft} ground={ground} path={path} file={file} proof={proof} show={show} setShow={setShow} />
      <ProofPanel proof={proof} onPick={(problem) => open(problem.file, problem.line)} />
    </Page>
  )
}

function FilePicker({
  rules,
  path,
  onPick,
}: {
  rules: Schemas['Rules']
  path: string
  onPick: (path: string) => void
}) {
  const { t } = useLanguage()
  const texts = rules.files.filter((each) => /\.ya?ml$/.test(each.path) && each.change !== 'removed')
  return (
    <Select
      className="file-picker"
      showSearch
      aria-label={t('edit.file')}
      value={path}
      onChange={(next: string) => onPick(next)}
      options={texts.map((each) => ({
        value: each.path,
        label: each.change === 'same' ? each.path : `${each.path} ● ${t(`change.${each.change}`)}`,
      }))}
    />
  )
}

function Conflict({ file }: { file: DraftFile }) {
  const { t } = useLanguage()
  if (file.state !== 'conflict') return <Refusal problem={file.problem} />
  return (
    <Refusal
      problem={file.problem}
      action={
        <>
          <Button size="small" onClick={() => file.settle('theirs')}>
            {t('edit.theirs')}
          </Button>{' '}
          <Button size="small" danger onClick={() => file.settle('mine')}>
            {t('edit.mine')}
          </Button>
        </>
      }
    />
  )
}

interface SidesProps extends WorkbenchProps {
  readonly file: DraftFile
  readonly proof: Proof
  readonly show: { line: number; at: number } | undefined
  readonly setShow: (show: { line: number; at: number }) => void
}

function Sides({ draft, ground, path, file, proof, show, setShow }: SidesProps) {
  const { t, lang } = useLanguage()
  const narrow = useNarrow()
  const { query } = usePlace()
  const [side, setSide] = useState('form')
  const byForm = isPolicy(path)
  const cells = useMemo(
    () => (byForm ? cellsOf(file.text, ground.rules, ground.lexicon) : []),
    [byForm, file.text, ground],
  )
  const element = query.get('element')
  const start = cells.find((cell) => cell.element === element)?.line
  // once the text is there: the line the reader came for
  const led = useRef(false)
  useEffect(() => {
    if (start === undefined || led.current) return
    led.current = true
    setShow({ line: start, at: 0 })
  }, [start, setShow])
  const problems = useMemo(() => proof.linesOf(path, lang), [proof, path, lang])
  const complete = useMemo(
    () => completionFor(path, { ...ground, lang, fileLang: file.language }),
    [path, ground, lang, file.language],
  )
  const editor = (
    <YamlEditor
      key={path}
      value={file.text}
      label={t('edit.yaml', { path })}
      readOnly={!draft.mine || draft.state !== 'open'}
      problems={problems}
      complete={complete}
      show={show}
      onChange={file.type}
    />
  )
  if (!byForm) return <div className="editor-box">{editor}</div>
  const form = (
    <CellForm
      draft={draft}
      path={path}
      ground={ground}
      file={file}
      cells={cells}
      problems={problems}
      start={element ?? undefined}
      onShow={(line) => {
        setShow({ line, at: Date.now() })
        setSide('yaml')
      }}
    />
  )
  if (!narrow)
    return (
      <div className="sides">
        <div className="side-form">{form}</div>
        <div className="editor-box">{editor}</div>
      </div>
    )
  return (
    <Tabs
      activeKey={side}
      onChange={setSide}
      items={[
        { key: 'form', label: t('edit.form'), children: form },
        { key: 'yaml', label: 'YAML', children: <div className="editor-box">{editor}</div>, forceRender: true },
      ]}
    />
  )
}
