/** Two texts side by side. Every place the rules looked at is marked; picking one shows what was done and which line said so. */
import { useEffect, useMemo, useState } from 'react'
import type { Schemas } from '../api/types.ts'
import type { Key } from '../i18n/catalogue.ts'
import { useLanguage } from '../i18n/language.tsx'
import { useNames } from '../i18n/names.ts'
import { Reason } from './cell-detail.tsx'
import { DecidingLine } from './deciding-line.tsx'
import { Level } from './level.tsx'
import { piecesOf } from './pieces.ts'

type Preview = Schemas['Preview']
type Value = Preview['values'][number]

interface BeforeAfterProps {
  readonly reference: string
  readonly preview: Preview
  readonly rules: Schemas['Rules']
  /** element whose first value is shown at once */
  readonly wanted: string | undefined
}

export function BeforeAfter({ reference, preview, rules, wanted }: BeforeAfterProps) {
  const { t } = useLanguage()
  const [picked, setPicked] = useState<number | undefined>(undefined)
  useEffect(() => {
    const index = preview.values.findIndex((value) => value.element === wanted)
    setPicked(index === -1 ? undefined : index)
  }, [preview, wanted])
  const value = picked === undefined ? undefined : preview.values[picked]
  const marked = preview.values.length > 0
  return (
    <>
      {marked && (
        <p className="legend">
          <mark className="value replaced">{t('outcome.replaced')}</mark>
          <mark className="value removed">{t('outcome.removed')}</mark>
          <mark className="value kept">{t('outcome.kept')}</mark>
        </p>
      )}
      <div className="before-after">
        <Text
          title={t('preview.before')}
          text={preview.before}
          values={preview.values}
          rules={rules}
          side="before"
          picked={picked}
          pick={setPicked}
        />
        {preview.after !== null && (
          <Text
            title={t('preview.after')}
            text={preview.after}
            values={preview.values}
            rules={rules}
            side="after"
            picked={picked}
            pick={setPicked}
          />
        )}
      </div>
      {marked && (
        <div className="picked" aria-live="polite">
          {value === undefined ? (
            <p className="quiet">{t('preview.pick')}</p>
          ) : (
            <Picked reference={reference} value={value} rules={rules} />
          )}
        </div>
      )}
    </>
  )
}

interface TextProps {
  readonly title: string
  readonly text: string
  readonly values: readonly Value[]
  readonly rules: Schemas['Rules']
  readonly side: 'before' | 'after'
  readonly picked: number | undefined
  readonly pick: (index: number) => void
}

function Text({ title, text, values, rules, side, picked, pick }: TextProps) {
  const { t } = useLanguage()
  const say = useValueWords(rules)
  const pieces = useMemo(
    () =>
      piecesOf(
        text,
        values.map((value) => value[side]),
      ),
    [text, values, side],
  )
  return (
    <section className="text-side" aria-label={title}>
      <h2>{title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        {pieces.map(({ from, text: piece, index }) => {
          if (index === undefined) return <span key={from}>{piece}</span>
          const value = values[index]!
          return (
            <button
              type="button"
              key={from}
              data-element={value.element ?? undefined}
              className={`value ${value.outcome}${picked === index ? ' picked-value' : ''}`}
              aria-pressed={picked === index}
              title={`${say.element(value)} · ${say.method(value)} · ${t(`outcome.${value.outcome}` as Key)}`}
              onClick={() => pick(index)}
            >
              {piece}
            </button>
          )
        })}
      </pre>
    </section>
  )
}

function Picked({ reference, value, rules }: { reference: string; value: Value; rules: Schemas['Rules'] }) {
  const { t } = useLanguage()
  const say = useValueWords(rules)
  const [outcome, method] = [t(`outcome.${value.outcome}` as Key), say.method(value)]
  return (
    <>
      <h2>
        {say.element(value)} <Level value={value.level} />
      </h2>
      <p>
        {outcome !== method && `${outcome} · `}
        <strong>{method}</strong> · <Reason why={value.why} />
      </p>
      <p className="quiet">
        {t('preview.address')} <code>{value.address}</code>
      </p>
      <DecidingLine reference={reference} at={value.why.at} />
    </>
  )
}

/** Element and method of a value in the words of the screen's language. */
function useValueWords({ elements, methods }: Schemas['Rules']) {
  const { t, lang } = useLanguage()
  const names = useNames()
  return {
    element: ({ element }: Value): string => {
      if (element === null) return t('preview.noElement')
      return names.element(element, elements.find((each) => each.id === element)?.zh ?? '')
    },
    method: ({ method }: Value): string =>
      lang === 'zh' ? (methods.find((each) => each.name === method)?.zh ?? method) : method,
  }
}
