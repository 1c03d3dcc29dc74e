/** Calls by hour of the day as bars, and the same as words for whoever does not see them. */
import { useLanguage } from '../i18n/language.tsx'

interface Hour {
  readonly hour: number
  readonly calls: number
  readonly denied: number
}

const HEIGHT = 120
const STEP = 26
const BAR = 18

export function HourBars({ hours }: { hours: readonly Hour[] }) {
  const { t } = useLanguage()
  const most = Math.max(1, ...hours.map((each) => each.calls))
  const busiest = hours.reduce((best, each) => (each.calls > best.calls ? each : best), {
    hour: 0,
    calls: 0,
    denied: 0,
  })
  const said = busiest.calls === 0 ? t('ops.none') : t('ops.busiest', { hour: busiest.hour, n: busiest.calls })
  const tall = (count: number) => (count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <figure className="bars" tabIndex={0}>
      <svg viewBox={`0 0 ${24 * STEP} ${HEIGHT + 20}`} role="img" aria-label={said}>
        {hours.map(({ hour, calls, denied }) => (
          <g key={hour}>
            <title>{t('ops.hour', { hour, calls, denied })}</title>
            <rect x={hour * STEP + 4} y={HEIGHT - tall(calls)} width={BAR} height={tall(calls)} className="bar" />
            <rect
              x={hour * STEP + 4}
              y={HEIGHT - tall(denied)}
              width={BAR}
              height={tall(denied)}
              className="bar-denied"
            />
            {hour % 3 === 0 && (
              <text x={hour * STEP + 4 + BAR / 2} y={HEIGHT + 15} textAnchor="middle">
                {hour}
              </text>
            )}
          </g>
        ))}
      </svg>
      <figcaption className="quiet">{said}</figcaption>
    </figure>
  )
}
