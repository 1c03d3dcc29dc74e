/** The form side of the editor: one row for each element; a change is a change of the text, made by the server. */
import { Button, Input, Select } from 'antd'
import { useMemo, useState } from 'react'
import { call, Refused } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { useNames } from '../i18n/names.ts'
import type { FormCell } from '../yaml/cells.ts'
import { Level } from './level.tsx'
import { ParamFields } from './param-fields.tsx'
import { Refusal } from './refusal.tsx'
import type { DraftFile } from './use-draft-file.ts'
import type { Ground } from './use-ground.ts'
import type { LineProblem } from './yaml-editor.tsx'

interface CellFormProps {
  readonly draft: Schemas['Draft']
  readonly path: string
  readonly ground: Ground
  readonly file: DraftFile
  readonly cells: readonly FormCell[]
  readonly problems: readonly LineProblem[]
  readonly start: string | undefined
  readonly onShow: (line: number) => void
}

type NewCell = Schemas['CellChange']['cell']

interface Line {
  readonly id: string
  readonly title: string
  readonly kind: string | undefined
  readonly level: number | undefined
  readonly cell: FormCell | undefined
}

export function CellForm(props: CellFormProps) {
  const { t } = useLanguage()
  const names = useNames()
  const { draft, path, ground, file, cells, start } = props
  const came = ground.rules.elements.find((each) => each.id === start)
  const [find, setFind] = useState(came === undefined ? (start ?? '') : names.element(came.id, came.zh))
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const editable = draft.mine && draft.state === 'open' && file.state !== 'loading'
  const lines = useMemo<Line[]>(() => {
    const byElement = new Map(cells.map((cell) => [cell.element, cell]))
    const elements = ground.rules.elements.map((each) => ({
      id: each.id,
      title: names.element(each.id, each.zh),
      kind: each.kind,
      level: each.level,
      cell: byElement.get(each.id),
    }))
    const defaults = (['undecided', 'unknown'] as const).map((id) => ({
      id,
      title: t(`cell.${id}`),
      kind: undefined,
      level: undefined,
      cell: byElement.get(id),
    }))
    return [...elements, ...defaults]
  }, [cells, ground, names, t])
  const set = async (element: string, cell: NewCell) => {
    try {
      let text: string
      let reply: Schemas['CellText']
      // somebody may type while the server edits: then it edits what they typed
      do {
        text = file.now()
        const body = { path, element, cell, text }
        reply = await call('POST /api/drafts/{draftId}/cell', { path: { draftId: draft.id }, body })
      } while (file.now() !== text)
      setProblem(undefined)
      file.type(reply.text)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
      const line = cells.find((each) => each.element === element)?.line
      if (error.problem.code === 'CELL_NOT_SIMPLE' && line !== undefined) props.onShow(line)
    }
  }
  const wanted = find.trim().toLowerCase()
  const shown = lines.filter(
    (line) => wanted === '' || line.id.includes(wanted) || line.title.toLowerCase().includes(wanted),
  )
  return (
    <>
      <Input
        type="search"
        allowClear
        aria-label={t('matrix.find')}
        placeholder={t('matrix.find')}
        value={find}
        onChange={(event) => setFind(event.target.value)}
      />
      <Refusal problem={problem} />
      <ul className="cells">
        {shown.map((line) => (
          <CellLine key={line.id} line={line} editable={editable} set={set} {...props} />
        ))}
      </ul>
      {shown.length === 0 && <p className="quiet">{t('edit.noElement')}</p>}
    </>
  )
}

interface CellLineProps extends CellFormProps {
  readonly line: Line
  readonly editable: boolean
  readonly set: (element: string, cell: NewCell) => Promise<void>
}

function CellLine({ line, editable, set, ground, problems, onShow }: CellLineProps) {
  const { t, lang } = useLanguage()
  const { cell } = line
  const methods = methodOptions(ground, line, lang)
  const method = ground.rules.methods.find((each) => each.name === cell?.method)
  const wrong = cell !== undefined && problems.some((each) => each.line === cell.line && each.severity === 'error')
  const handMade = cell !== undefined && !cell.simple
  return (
    <li className={wrong ? 'cell-line wrong' : 'cell-line'} data-element={line.id}>
      <div className="cell-line-head">
        <span className="element">{line.title}</span>
        {line.level !== undefined && <Level value={line.level} />}
        <span className="sub">{line.level === undefined || line.title === line.id ? '' : line.id}</span>
        {cell !== undefined && (
          <button type="button" className="link" onClick={() => onShow(cell.line)}>
            {t('edit.line', { n: cell.line })}
          </button>
        )}
      </div>
      {handMade ? (
        <p className="quiet">{t('edit.notSimple')}</p>
      ) : (
        <div className="cell-line-body">
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            disabled={!editable}
            aria-label={t('edit.methodOf', { element: line.title })}
            placeholder={line.level === undefined ? t('edit.missing') : t('edit.undecided')}
            value={cell?.method}
            options={methods}
            onChange={(name: string) => void set(line.id, { method: name })}
          />
          {cell !== undefined && line.level !== undefined && (
            <Button
              size="small"
              disabled={!editable}
              onClick={() => void set(line.id, null)}
              aria-label={t('edit.removeOf', { element: line.title })}
            >
              {t('edit.remove')}
            </Button>
          )}
        </div>
      )}
      {!handMade && cell !== undefined && method !== undefined && (
        <>
          <p className="summary">{method.summary[lang]}</p>
          <ParamFields
            cell={cell}
            schema={method.params}
            ground={ground}
            disabled={!editable}
            title={line.title}
            onChange={(params) => void set(line.id, { method: cell.method, params })}
          />
        </>
      )}
    </li>
  )
}

/** Methods the element's kind admits; `unknown` has treatments of its own. */
function methodOptions(ground: Ground, line: Line, lang: 'zh' | 'en'): { value: string; label: string }[] {
  if (line.id === 'unknown')
    return ground.lexicon
      .values('unknown')
      .map((each) => ({ value: each.en, label: lang === 'zh' ? `${each.zh} ${each.en}` : each.en }))
  return ground.rules.methods
    .filter((each) => line.kind === undefined || each.kinds === null || each.kinds.includes(line.kind))
    .map((each) => ({ value: each.name, label: lang === 'zh' ? `${each.zh} ${each.name}` : each.name }))
}
