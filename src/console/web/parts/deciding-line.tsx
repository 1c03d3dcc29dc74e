/** The deciding line among its neighbours, as it stands in the file. */
import { call } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { Refusal } from './refusal.tsx'

const AROUND = 3

export function DecidingLine({ reference, at }: { reference: string; at: Schemas['Line'] | null }) {
  const { t } = useLanguage()
  if (at === null) return <p className="quiet">{t('cell.noLine')}</p>
  return (
    <figure className="excerpt">
      <figcaption>
        {t('cell.line')}{' '}
        <code data-testid="deciding-line">
          {at.file}:{at.line}
        </code>
      </figcaption>
      <Excerpt reference={reference} at={at} />
    </figure>
  )
}

function Excerpt({ reference, at }: { reference: string; at: Schemas['Line'] }) {
  const { data, problem } = useLoaded(
    () => call('GET /api/rules/{ref}/file', { path: { ref: reference }, query: { path: at.file } }),
    `${reference} ${at.file}`,
  )
  if (problem !== undefined) return <Refusal problem={problem} />
  if (data === undefined) return null
  const lines = data.text.split('\n')
  const from = Math.max(0, at.line - 1 - AROUND)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <ol className="lines" tabIndex={0} start={from + 1}>
      {lines.slice(from, at.line + AROUND).map((text, index) => {
        const number = from + index + 1
        return (
          <li key={number} value={number} className={number === at.line ? 'deciding' : undefined}>
            {number === at.line ? <mark>{text}</mark> : text}
          </li>
        )
      })}
    </ol>
  )
}
