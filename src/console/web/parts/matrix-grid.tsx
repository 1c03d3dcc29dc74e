/**
 * The grid itself (WAI-ARIA grid pattern): arrows, Home, End, Page keys move, Enter opens. Only the rows in sight are in
 * the page once there are many of them.
 */
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import type { Schemas } from '../api/types.ts'
import { type Say, useLanguage } from '../i18n/language.tsx'
import { type Names, useNames } from '../i18n/names.ts'
import { Level } from './level.tsx'
import { leavesClass, useTreatment } from './treatment.tsx'
import type { Ground } from './use-ground.ts'

type Matrix = Schemas['Matrix']
export type Row = Matrix['rows'][number]
export type Column = Matrix['columns'][number]
export type Cell = Schemas['MatrixCell']

export interface Picked {
  readonly row: Row
  readonly column: Column
  readonly cell: Cell | null
}

interface GridProps {
  readonly ground: Ground
  readonly rows: readonly Row[]
  readonly columns: readonly { column: Column; index: number }[]
  readonly onPick: (picked: Picked) => void
  readonly busy: boolean
}

const ROW_HEIGHT = 46
const MANY = 120
const SPARE = 12
const PAGE = 10

const MOVES: Record<string, readonly [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-PAGE, 0],
  PageDown: [PAGE, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
}

export function MatrixGrid({ ground, rows, columns, onPick, busy }: GridProps) {
  const { t } = useLanguage()
  const frame = useRef<HTMLDivElement>(null)
  const [here, setHere] = useState<readonly [number, number]>([0, 0])
  const [top, setTop] = useState(0)
  const [follow, setFollow] = useState(false)
  const height = frame.current?.clientHeight ?? 800
  const many = rows.length > MANY
  const first = many ? Math.max(0, Math.floor(top / ROW_HEIGHT) - SPARE) : 0
  const end = many ? Math.min(rows.length, first + Math.ceil(height / ROW_HEIGHT) + 2 * SPARE) : rows.length
  const at: readonly [number, number] = [clamp(here[0], rows.length), clamp(here[1], columns.length)]

  useLayoutEffect(() => {
    if (!follow) return
    frame.current?.querySelector<HTMLElement>('[tabindex="0"][role="gridcell"]')?.focus()
    setFollow(false)
  }, [follow])

  const move = (event: KeyboardEvent) => {
    const step = MOVES[event.key]
    if (step === undefined) return
    event.preventDefault()
    const row = clamp(at[0] + step[0], rows.length)
    const away = many && (row < first || row >= end)
    if (away && frame.current !== null) frame.current.scrollTop = Math.max(0, row * ROW_HEIGHT - height / 2)
    if (away) setTop(Math.max(0, row * ROW_HEIGHT - height / 2))
    setHere([row, clamp(at[1] + step[1], columns.length)])
    setFollow(true)
  }
  return (
    <div
      className={busy ? 'matrix busy' : 'matrix'}
      ref={frame}
      onScroll={many ? (event) => setTop(event.currentTarget.scrollTop) : undefined}
    >
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the WAI-ARIA grid pattern on a table
        role="grid"
        aria-label={t('nav.matrix')}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 1}
        onKeyDown={move}
      >
        <Head columns={columns} />
        <tbody>
          <Gap rows={first} />
          {rows.slice(first, end).map((row, offset) => (
            <GridRow
              key={row.element}
              row={row}
              number={first + offset}
              columns={columns}
              ground={ground}
              here={at[0] === first + offset ? at[1] : -1}
              onPick={(picked, column) => {
                setHere([first + offset, column])
                onPick(picked)
              }}
            />
          ))}
          <Gap rows={rows.length - end} />
        </tbody>
      </table>
    </div>
  )
}

/** The scenarios a column stands for; a call without one is the last of them. */
export function scenariosOf(scenarios: readonly (string | null)[], names: Names, t: Say): string {
  return scenarios.map((id) => (id === null ? t('matrix.noScenario') : names.scenario(id))).join(' / ')
}

const clamp = (value: number, length: number): number => Math.max(0, Math.min(length - 1, value))

function Gap({ rows }: { rows: number }) {
  if (rows <= 0) return null
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row of nothing, it cannot be focused
  return <tr aria-hidden="true" style={{ height: rows * ROW_HEIGHT }} />
}

function Head({ columns }: Pick<GridProps, 'columns'>) {
  const { t } = useLanguage()
  const names = useNames()
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col">{t('matrix.element')}</th>
        {columns.map(({ column }) => (
          <th scope="col" key={column.id}>
            {names.role(column.role)}
            <span className="sub">{scenariosOf(column.scenarios, names, t)}</span>
            <span className="sub">
              {column.policies.join(' + ')}
              {column.institutions.some((id) => id !== '*') ? ` · ${column.institutions.join(', ')}` : ''}
            </span>
          </th>
        ))}
      </tr>
    </thead>
  )
}

interface RowProps {
  readonly row: Row
  readonly number: number
  readonly columns: GridProps['columns']
  readonly ground: Ground
  readonly here: number
  readonly onPick: (picked: Picked, column: number) => void
}

function GridRow({ row, number, columns, ground, here, onPick }: RowProps) {
  const names = useNames()
  const name = names.element(row.element, row.zh)
  return (
    <tr aria-rowindex={number + 2}>
      <th scope="row">
        <span className="element">{name}</span> <Level value={row.level} />
        {name !== row.element && <span className="sub">{row.element}</span>}
      </th>
      {columns.map(({ column, index }, place) => {
        const cell = row.cells[index] ?? null
        return (
          <GridCell
            key={column.id}
            cell={cell}
            ground={ground}
            level={row.level}
            current={place === here}
            onPick={() => onPick({ row, column, cell }, place)}
          />
        )
      })}
    </tr>
  )
}

interface CellProps {
  readonly cell: Cell | null
  readonly ground: Ground
  readonly level: number
  readonly current: boolean
  readonly onPick: () => void
}

function GridCell({ cell, ground, level, current, onPick }: CellProps) {
  const { t } = useLanguage()
  const treatment = useTreatment(ground)
  const text = cell === null ? t('matrix.denied') : treatment(cell)
  const narrowed = cell !== null && cell.narrowed.length > 0
  const full = cell !== null && level >= 3 && cell.leaves === level
  return (
    <td
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the WAI-ARIA grid pattern on a table
      role="gridcell"
      tabIndex={current ? 0 : -1}
      className={cell === null ? 'cell denied' : `cell ${leavesClass(cell.leaves)}`}
      onClick={onPick}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        onPick()
      }}
    >
      <span className="cell-text">{text}</span> {full && <span className="cell-mark">{t('matrix.fullShort')}</span>}{' '}
      {narrowed && <span className="cell-mark">{t('matrix.when')}</span>}
    </td>
  )
}
