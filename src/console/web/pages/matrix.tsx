/** The matrix role x element: what each role sees of each element, and the line that says so. */
import { Button, Checkbox, Drawer, Input, Select, Spin } from 'antd'
import { useMemo, useState } from 'react'
import { addressOf, call } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { useNames } from '../i18n/names.ts'
import { CellDetail } from '../parts/cell-detail.tsx'
import { Field } from '../parts/field.tsx'
import { MatrixGrid, type Picked, scenariosOf } from '../parts/matrix-grid.tsx'
import { Page } from '../parts/page.tsx'
import { RefPicker } from '../parts/ref-picker.tsx'
import { Refusal } from '../parts/refusal.tsx'
import { type Ground, useGround } from '../parts/use-ground.ts'
import { go, usePlace } from '../router.ts'

type Matrix = Schemas['Matrix']

export default function MatrixPage() {
  const { t } = useLanguage()
  const { query } = usePlace()
  const ref = query.get('ref') ?? 'active'
  const within = query.get('interface') ?? undefined
  const request = { path: { ref }, query: { interface: within } }
  const { ground, rules } = useGround(ref)
  const { data, problem, loading } = useLoaded(
    () => call('GET /api/rules/{ref}/matrix', request),
    JSON.stringify(request),
  )
  const [picked, setPicked] = useState<Picked | undefined>(undefined)
  const set = (name: string, value: string | undefined) =>
    go('matrix', { ...Object.fromEntries(query), [name]: value === '' ? undefined : value })
  return (
    <Page
      wide
      title={t('nav.matrix')}
      about={t('matrix.about')}
      actions={
        <>
          <RefPicker value={ref} onChange={(next) => set('ref', next === 'active' ? undefined : next)} />
          <Button
            href={addressOf('GET /api/rules/{ref}/matrix', request.path, { interface: within, as: 'csv' })}
            download="matrix.csv"
          >
            {t('matrix.csv')}
          </Button>
        </>
      }
    >
      <Refusal problem={problem ?? rules.problem} />
      {loading && data === undefined && (
        <div className="waiting" role="status">
          <Spin /> <span>{t('app.loading')}</span>
        </div>
      )}
      {data !== undefined && ground !== undefined && (
        <Filtered matrix={data} ground={ground} query={query} set={set} onPick={setPicked} busy={loading} />
      )}
      <Drawer
        open={picked !== undefined}
        onClose={() => setPicked(undefined)}
        size={520}
        title={t('cell.title')}
        destroyOnHidden
      >
        {picked !== undefined && ground !== undefined && <CellDetail reference={ref} picked={picked} ground={ground} />}
      </Drawer>
    </Page>
  )
}

interface Narrow {
  readonly query: URLSearchParams
  readonly set: (name: string, value: string | undefined) => void
}

interface FilteredProps extends Narrow {
  readonly matrix: Matrix
  readonly ground: Ground
  readonly onPick: (picked: Picked) => void
  readonly busy: boolean
}

function Filtered({ matrix, ground, query, set, onPick, busy }: FilteredProps) {
  const { t, lang } = useLanguage()
  const names = useNames()
  const [text, setText] = useState(query.get('find') ?? '')
  const group = query.get('group') ?? undefined
  const clear = query.get('clear') === 'yes'
  const role = query.get('role') ?? undefined
  const rows = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    return matrix.rows.filter(
      (row) =>
        (wanted === '' || row.element.includes(wanted) || row.zh.includes(wanted)) &&
        (group === undefined || row.group === group) &&
        (!clear || row.cells.some((cell) => cell !== null && row.level >= 3 && cell.leaves === row.level)),
    )
  }, [matrix, text, group, clear])
  const columns = matrix.columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => role === undefined || column.role === role)
  const admitted = columns.filter(({ column }) => column.policies.length > 0)
  const refused = columns.filter(({ column }) => column.policies.length === 0)
  const roles = [...new Set(matrix.columns.map((column) => column.role))]
  const groups = [...new Set(matrix.rows.flatMap((row) => (row.group === null ? [] : [row.group])))]
  return (
    <>
      <div className="filters">
        <Field label={t('matrix.find')}>
          <Input
            type="search"
            allowClear
            aria-label={t('matrix.find')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        <Field label={t('field.role')}>
          <Select
            allowClear
            aria-label={t('field.role')}
            placeholder={t('matrix.allRoles')}
            value={role}
            options={roles.map((id) => ({ value: id, label: names.role(id) }))}
            onChange={(value) => set('role', value)}
          />
        </Field>
        <Field label={t('matrix.group')}>
          <Select
            allowClear
            aria-label={t('matrix.group')}
            placeholder={t('field.any')}
            value={group}
            options={groups.map((id) => ({ value: id, label: names.group(id) }))}
            onChange={(value) => set('group', value)}
          />
        </Field>
        <Field label={t('field.interface')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('field.interface')}
            placeholder={t('field.any')}
            value={query.get('interface')}
            options={ground.rules.interfaces.map(({ id, zh }) => ({
              value: id,
              label: lang === 'zh' ? `${zh} ${id}` : id,
            }))}
            onChange={(value) => set('interface', value ?? undefined)}
          />
        </Field>
        <Checkbox checked={clear} onChange={(event) => set('clear', event.target.checked ? 'yes' : undefined)}>
          {t('matrix.onlyClear')}
        </Checkbox>
      </div>
      <p className="quiet" role="status">
        {t('matrix.count', { rows: rows.length, columns: admitted.length })} {t('matrix.keys')}
      </p>
      <MatrixGrid ground={ground} rows={rows} columns={admitted} onPick={onPick} busy={busy} />
      {refused.length > 0 && (
        <p className="quiet">
          {t('matrix.refused')}{' '}
          {refused
            .map(({ column }) => `${names.role(column.role)} (${scenariosOf(column.scenarios, names, t)})`)
            .join(lang === 'zh' ? '；' : '; ')}
        </p>
      )}
    </>
  )
}
