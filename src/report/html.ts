/** The interface report as one HTML file: styles and charts inside, nothing fetched, fit for print and narrow screens. */
import { columnBars, rowBars } from './bars.ts'
import { escapeHtml } from './escape-html.ts'
import type { Figures } from './figures.ts'
import { writeMoment } from './period.ts'
import { STYLE } from './style.ts'

/** `madeAt`: ms since 1970, printed in the period's zone. */
export function renderHtml(figures: Figures, madeAt: number): string {
  const { zone } = figures.period
  const from = writeMoment(Date.parse(figures.period.from), zone)
  const to = writeMoment(Date.parse(figures.period.to), zone)
  return [
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>接口检测报告 Interface report ${escapeHtml(from)}</title><style>${STYLE}</style></head><body><main>`,
    `<header><h1>接口检测报告 <small>Interface report</small></h1>`,
    `<p>${escapeHtml(from)} — ${escapeHtml(to)} <span>（${escapeHtml(zone)}，含起不含止 from inclusive, to exclusive）</span></p></header>`,
    headline(figures),
    `<section><h2>接口 <small>Interfaces</small></h2>${rowBars(
      '各接口调用次数（深色为拒绝） Calls by interface (dark: denied)',
      figures.interfaces.slice(0, 20).map((i) => ({ label: i.interface ?? NONE, value: i.calls, part: i.denied })),
    )}${interfaceTable(figures)}</section>`,
    `<section><h2>时段 <small>Hours of the day</small></h2>${columnBars(
      '每小时调用次数（深色为拒绝） Calls by local hour (dark: denied)',
      figures.hours.map((h) => ({ label: String(h.hour), value: h.calls, part: h.denied })),
    )}</section>`,
    `<section><h2>机构 <small>Institutions</small></h2>${institutionTable(figures)}</section>`,
    `<section><h2>拒绝 <small>Denials</small></h2>${deniedTable(figures)}</section>`,
    `<section><h2>错误代码 <small>Error codes</small></h2>${errorTable(figures)}</section>`,
    `<section><h2>响应时间 <small>Response times</small></h2>${timeTable(figures)}</section>`,
    `<section><h2>敏感可控性 <small>Control of sensitive data</small></h2>${controlTable(figures)}</section>`,
    notes(),
    `<footer>生成于 Made ${escapeHtml(writeMoment(madeAt, zone))}（${escapeHtml(zone)}） · Veilgate</footer>`,
    '</main></body></html>\n',
  ].join('\n')
}

const NONE = '—'

function headline({ calls, rows, denied, times, control }: Figures): string {
  const cards: [string, string, string][] = [
    ['请求总次数', 'Calls', whole(calls.total)],
    ['他院请求', 'Calls by other institutions', whole(calls.byOthers)],
    ['返回行数', 'Rows returned', whole(rows.delivered)],
    ['权限拦截', 'Interceptions', whole(denied.interceptions)],
    ['平均响应', 'Mean response', ms(times.mean)],
    ['95% 响应', 'p95 response', ms(times.p95)],
    ['最大响应', 'Longest response', ms(times.max)],
    ['安全管控率', 'Control rate (rows)', percent(control.rowRate)],
  ]
  const card = ([zh, en, value]: [string, string, string]) =>
    `<div><dt>${zh} <small>${en}</small></dt><dd>${value}</dd></div>`
  return `<dl class="cards">${cards.map(card).join('')}</dl>`
}

type Head = readonly [zh: string, en: string, side?: 'n']

/** Headings are ours; the cells of rows are escaped here. Columns marked n hold numbers and stand right. */
function table(heads: readonly Head[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return '<p class="none">无 None</p>'
  const side = (i: number) => (heads[i]?.[2] === 'n' ? ' class="n"' : '')
  const head = heads.map(([zh, en], i) => `<th${side(i)}>${zh}<br><small>${en}</small></th>`).join('')
  const text = (value: string | number) => (typeof value === 'number' ? whole(value) : escapeHtml(value))
  const body = rows
    .map((row) => `<tr>${row.map((value, i) => `<td${side(i)}>${text(value)}</td>`).join('')}</tr>`)
    .join('\n')
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`
}

const interfaceTable = (figures: Figures): string =>
  table(
    [
      ['接口', 'Interface'],
      ['提供方', 'Provider'],
      ['次数', 'Calls', 'n'],
      ['放行', 'Allowed', 'n'],
      ['拒绝', 'Denied', 'n'],
      ['失败', 'Failed', 'n'],
      ['行数', 'Rows', 'n'],
      ['平均', 'Mean', 'n'],
      ['95%', 'p95', 'n'],
      ['最大', 'Max', 'n'],
      ['管控率', 'Control', 'n'],
    ],
    figures.interfaces.map((i) => [
      i.interface ?? NONE,
      i.provider ?? NONE,
      i.calls,
      i.allowed,
      i.denied,
      i.failed,
      i.rows,
      ms(i.mean),
      ms(i.p95),
      ms(i.max),
      percent(i.rowRate),
    ]),
  )

const institutionTable = (figures: Figures): string =>
  table(
    [
      ['机构', 'Institution'],
      ['次数', 'Calls', 'n'],
      ['拒绝', 'Denied', 'n'],
      ['行数', 'Rows', 'n'],
    ],
    figures.institutions.map((i) => [i.institution ?? NONE, i.calls, i.denied, i.rows]),
  )

const deniedTable = (figures: Figures): string =>
  table(
    [
      ['代码', 'Code'],
      ['次数', 'Count', 'n'],
    ],
    figures.denied.byCode.map((c) => [c.code, c.count]),
  )

function errorTable(figures: Figures): string {
  const local = (time: string) => writeMoment(Date.parse(time), figures.period.zone)
  return table(
    [
      ['状态', 'Status'],
      ['代码', 'Code'],
      ['次数', 'Count', 'n'],
      ['占比', 'Share', 'n'],
      ['首次', 'First'],
      ['最近', 'Last'],
      ['主要机构', 'Mostly'],
      ['样例', 'Call id'],
    ],
    figures.errors.map((e) => [
      String(e.status),
      e.code ?? '上游 provider system',
      e.count,
      percent(e.share),
      local(e.first),
      local(e.last),
      e.institutions.join(', ') || NONE,
      e.sample,
    ]),
  )
}

function timeTable({ times: t }: Figures): string {
  return table(
    [
      ['项目', 'Figure'],
      ['数值', 'Value', 'n'],
    ],
    [
      ['计入次数 Calls timed', t.count],
      ['平均 Mean', ms(t.mean)],
      ['其中上游 Of it provider system', ms(t.upstreamMean)],
      ['其中网关 Of it gateway', ms(t.gatewayMean)],
      ['50% p50', ms(t.p50)],
      ['95% p95', ms(t.p95)],
      ['99% p99', ms(t.p99)],
      ['最大 Longest', ms(t.max)],
      ['最大所属 Longest call', t.slowest === null ? NONE : `${t.slowest.interface ?? NONE}, ${t.slowest.id}`],
      ['超时 Timeouts', t.timeouts],
      ['拒绝的平均 Mean of denied calls', ms(t.deniedMean)],
    ],
  )
}

function controlTable({ control: c, rows, calls }: Figures): string {
  const rates = table(
    [
      ['口径', 'Measure'],
      ['管控', 'Controlled', 'n'],
      ['管控率', 'Rate', 'n'],
    ],
    [
      ['按行（主指标） Rows (headline)', `${whole(c.rowsControlled)} / ${whole(rows.delivered)}`, percent(c.rowRate)],
      ['按次 Delivered calls', `${whole(c.callsControlled)} / ${whole(calls.delivered)}`, percent(c.callRate)],
      ['按敏感字段 Sensitive fields read', NONE, percent(c.fieldRate)],
    ],
  )
  const loose = table(
    [
      ['未管控接口', 'Uncontrolled interface'],
      ['次数', 'Calls', 'n'],
      ['行数', 'Rows', 'n'],
    ],
    c.uncontrolled.map((u) => [u.interface ?? NONE, u.calls, u.rows]),
  )
  return c.uncontrolled.length === 0 ? rates : rates + loose
}

const notes = (): string =>
  `<section class="notes"><h2>口径 <small>Definitions</small></h2><ul>
<li>他院请求：调用机构不是提供机构。 Calls by other institutions: the consumer is not the provider.</li>
<li>返回行数：已送达应答的行数；行数未知的调用不计。 Rows: of delivered replies, where known.</li>
<li>权限拦截：TOKEN_PERMISSION；其他代码见拒绝表。 Interceptions: TOKEN_PERMISSION only.</li>
<li>响应时间：已送达及上游失败的调用；百分位取最近秩，直方图桶宽至多 1.6%。 Times: delivered calls and failures of the provider system; percentiles by nearest rank on a histogram with buckets at most 1.6 % wide.</li>
<li>安全管控率：全部敏感字段（3 级及以上）均有处理决定的行数 / 已送达行数。 Control rate: rows delivered in which every sensitive element was under a decision / rows delivered.</li>
</ul></section>`

const whole = (n: number): string => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
const ms = (n: number | null): string => (n === null ? NONE : `${n < 100 ? n.toFixed(1) : Math.round(n)} ms`)
const percent = (share: number | null): string => (share === null ? NONE : `${(share * 100).toFixed(2)}%`)
