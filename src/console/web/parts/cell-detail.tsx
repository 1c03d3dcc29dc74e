/** Why one cell is as it is: the treatment in words, the line that decides, and the ways from here. */
import { Button, Descriptions } from 'antd'
import { useSession } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { useNames } from '../i18n/names.ts'
import { hrefOf } from '../router.ts'
import { DecidingLine } from './deciding-line.tsx'
import { EditInDraft } from './edit-in-draft.tsx'
import { Level } from './level.tsx'
import type { Picked } from './matrix-grid.tsx'
import { useTreatment } from './treatment.tsx'
import type { Ground } from './use-ground.ts'

interface CellDetailProps {
  readonly reference: string
  readonly picked: Picked
  readonly ground: Ground
}

export function CellDetail({ reference, picked, ground }: CellDetailProps) {
  const { t } = useLanguage()
  const { may } = useSession()
  const names = useNames()
  const treatment = useTreatment(ground)
  const { row, column, cell } = picked
  if (cell === null) return <p>{t('cell.denied', { role: names.role(column.role) })}</p>
  const policy = ground.rules.policies.find((each) => each.id === cell.policy)
  const others = (policy?.roles ?? []).filter((role) => role !== column.role).map(names.role)
  const what = `${names.role(column.role)} · ${names.element(row.element, row.zh)}`
  return (
    <>
      <h3>{what}</h3>
      <Descriptions
        column={1}
        size="small"
        bordered
        items={[
          { key: 'level', label: t('cell.level'), children: <Level value={row.level} /> },
          { key: 'method', label: t('cell.treatment'), children: <strong>{treatment(cell)}</strong> },
          {
            key: 'leaves',
            label: t('cell.leaves'),
            children: cell.leaves === 0 ? t('cell.nothing') : <Level value={cell.leaves} />,
          },
          { key: 'why', label: t('cell.why'), children: <Reason why={cell} /> },
        ]}
      />
      <DecidingLine reference={reference} at={cell.at} />
      {others.length > 0 && (
        <p className="quiet">{t('cell.shared', { policy: cell.policy ?? '', others: others.join(', ') })}</p>
      )}
      <Others cell={cell} text={treatment} />
      <div className="actions">
        {may('addDraft') && cell.at !== null && (
          <EditInDraft
            reference={reference}
            file={cell.at.file}
            element={row.element}
            title={t('draft.titleFor', { what })}
          />
        )}
        {may('preview') && (
          <Button
            href={hrefOf('preview', {
              ref: reference === 'active' ? undefined : reference,
              role: column.role,
              scenario: column.scenarios[0] ?? undefined,
              element: row.element,
            })}
          >
            {t('cell.preview')}
          </Button>
        )}
      </div>
    </>
  )
}

/** What stood behind the deciding line: what it overruled, what a call's content or conditions change. */
function Others({ cell, text }: { cell: Schemas['MatrixCell']; text: (cell: Schemas['Treatment']) => string }) {
  const { t } = useLanguage()
  const at = (each: Schemas['Treatment']) => (each.at === null ? '' : ` (${each.at.file}:${each.at.line})`)
  return (
    <ul className="quiet">
      {cell.overruled !== null && (
        <li>
          {t('cell.overruled')} {text(cell.overruled)}
          {at(cell.overruled)}
        </li>
      )}
      {cell.raised.map((each) => (
        <li key={each.by}>
          {t(`cell.raised.${each.by}`)} {text(each)}
          {at(each)}
        </li>
      ))}
      {cell.narrowed.map((each) => (
        <li key={JSON.stringify(each.when)}>
          {t('cell.narrowed', {
            when: [each.when.interfaces, each.when.institutions, each.when.purposes]
              .flatMap((part) => part ?? [])
              .join(', '),
          })}{' '}
          {text(each)}
          {at(each)}
        </li>
      ))}
    </ul>
  )
}

/** In words: the policy's own line, its default, a floor; an unknown kind of reason shows as the server names it. */
export function Reason({ why }: { why: { source: string; policy: string | null } }) {
  const { t, word } = useLanguage()
  return (
    <span>
      {word(`why.${why.source}`) ?? why.source}
      {why.policy !== null && (
        <>
          {' '}
          · {t('cell.policy')} <code>{why.policy}</code>
        </>
      )}
    </span>
  )
}
