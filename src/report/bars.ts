/** Bar charts as inline SVG: no script, no external resource, readable when printed and by a screen reader. */
import { escapeHtml } from './escape-html.ts'

export interface Bar {
  readonly label: string
  readonly value: number
  /** a part of the value, drawn darker in front */
  readonly part?: number
}

const WIDTH = 720
const ROW = 26
const LABEL = 200

/** Horizontal bars, one a row: for names. */
export function rowBars(title: string, bars: readonly Bar[]): string {
  const most = Math.max(1, ...bars.map((b) => b.value))
  const room = WIDTH - LABEL - 70
  const rows = bars.map((bar, i) => {
    const y = i * ROW
    const width = (bar.value / most) * room
    const part = ((bar.part ?? 0) / most) * room
    return (
      `<text x="${LABEL - 8}" y="${y + 17}" text-anchor="end">${escapeHtml(shorten(bar.label))}</text>` +
      `<rect x="${LABEL}" y="${y + 4}" width="${px(width)}" height="${ROW - 8}" class="bar"/>` +
      (part > 0 ? `<rect x="${LABEL}" y="${y + 4}" width="${px(part)}" height="${ROW - 8}" class="part"/>` : '') +
      `<text x="${px(LABEL + width + 6)}" y="${y + 17}">${bar.value}</text>`
    )
  })
  return chart(title, bars.length * ROW, rows.join(''))
}

/** Upright bars side by side: for the hours of a day. */
export function columnBars(title: string, bars: readonly Bar[]): string {
  const most = Math.max(1, ...bars.map((b) => b.value))
  const height = 160
  const step = WIDTH / Math.max(1, bars.length)
  const columns = bars.map((bar, i) => {
    const x = i * step
    const tall = (bar.value / most) * (height - 20)
    const part = ((bar.part ?? 0) / most) * (height - 20)
    const hint = `<title>${escapeHtml(bar.label)}: ${bar.value}</title>`
    return (
      `<g>${hint}<rect x="${px(x + 2)}" y="${px(height - tall)}" width="${px(step - 4)}" height="${px(tall)}" class="bar"/>` +
      (part > 0
        ? `<rect x="${px(x + 2)}" y="${px(height - part)}" width="${px(step - 4)}" height="${px(part)}" class="part"/>`
        : '') +
      `<text x="${px(x + step / 2)}" y="${height + 16}" text-anchor="middle">${escapeHtml(bar.label)}</text></g>`
    )
  })
  const scale = `<text x="2" y="12">${most}</text><line x1="0" y1="${height}" x2="${WIDTH}" y2="${height}" class="axis"/>`
  return chart(title, height + 22, scale + columns.join(''))
}

const chart = (title: string, height: number, body: string): string =>
  `<figure><figcaption>${escapeHtml(title)}</figcaption>` +
  `<svg viewBox="0 0 ${WIDTH} ${Math.max(ROW, height)}" role="img" aria-label="${escapeHtml(title)}">${body}</svg></figure>`

const px = (n: number): string => n.toFixed(1)

const shorten = (label: string): string => (label.length > 26 ? `${label.slice(0, 25)}…` : label)
