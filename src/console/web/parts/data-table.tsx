/**
 * A table of records: it scrolls sideways within itself, by keyboard too, and shows the first rows of many until more
 * are asked for. Small on purpose: the library's own costs every page 90 KB of script.
 */
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useLanguage } from '../i18n/language.tsx'

export interface DataColumn<T> {
  readonly title: string
  readonly dataIndex?: keyof T
  // biome-ignore lint/suspicious/noExplicitAny: the value is the column's own member, or undefined without one
  readonly render?: (value: any, row: T) => ReactNode
  readonly className?: string
  /** false: nothing of it is for this reader */
  readonly shown?: boolean
}

interface DataTableProps<T> {
  readonly columns: readonly DataColumn<T>[]
  readonly dataSource: readonly T[]
  readonly rowKey: keyof T | ((row: T) => string)
  readonly empty?: string
}

const STEP = 50

export function DataTable<T extends object>({ columns: all, dataSource, rowKey, empty }: DataTableProps<T>) {
  const { t } = useLanguage()
  const [shown, setShown] = useState(STEP)
  const columns = all.filter((column) => column.shown !== false)
  const keyOf = (row: T): string => (typeof rowKey === 'function' ? rowKey(row) : String(row[rowKey]))
  return (
    <div className="data-table">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="data-scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.title} scope="col" className={column.className}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {dataSource.length === 0 && (
              <tr>
                <td colSpan={columns.length} className="empty">
                  {empty ?? t('table.empty')}
                </td>
              </tr>
            )}
            {dataSource.slice(0, shown).map((row) => (
              <tr key={keyOf(row)}>
                {columns.map((column) => (
                  <td key={column.title} className={column.className} data-label={column.title}>
                    <div className="cell">{contentOf(column, row)}</div>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {dataSource.length > shown && (
        <Button onClick={() => setShown(shown + STEP)}>{t('table.more', { n: dataSource.length - shown })}</Button>
      )}
    </div>
  )
}

function contentOf<T>({ dataIndex, render }: DataColumn<T>, row: T): ReactNode {
  const value = dataIndex === undefined ? undefined : row[dataIndex]
  return render === undefined ? (value as ReactNode) : render(value, row)
}
