/** An HL7 v2 reader of the tests' own: splits by the declared delimiters and nothing more. */
export interface Er7 {
  readonly field: string
  readonly component: string
  readonly repetition: string
  readonly escape: string
  readonly subcomponent: string
}

export interface Segment {
  readonly name: string
  /** fields as people count them: 1 is the first after the name; of MSH 1 is the delimiter itself */
  readonly fields: readonly string[]
}

export interface Message {
  readonly d: Er7
  readonly segments: readonly Segment[]
}

const HEADER = /^(?:MSH|FHS|BHS)[^\w\s]/

/** Every message of a payload; batch segments stand with the message before them, the first ones alone. */
export function readEr7(text: string): Message[] {
  const out: { d: Er7; segments: Segment[] }[] = []
  for (const line of text.replace(/^\ufeff/, '').split(/[\r\n\u000b\u001c]+/)) {
    if (line === '') continue
    if (HEADER.test(line)) out.push({ d: delimitersOf(line), segments: [] })
    const message = out.at(-1)
    if (message === undefined) continue
    const { field } = message.d
    const name = line.slice(0, 3)
    if (!/^[A-Z][A-Z0-9]{2}$/.test(name) || (line.length > 3 && line[3] !== field)) continue
    const parts = line.slice(4).split(field)
    message.segments.push({ name, fields: HEADER.test(line) ? ['', field, ...parts] : ['', ...parts] })
  }
  return out
}

function delimitersOf(line: string): Er7 {
  const [component = '', repetition = '', mark = '', subcomponent = ''] = line.slice(4).split(line[3]!)[0]!
  return { field: line[3]!, component, repetition, escape: mark, subcomponent }
}

/** Components of every repetition of a field. */
export const componentsOf = (d: Er7, field: string): string[][] =>
  (d.repetition === '' ? [field] : field.split(d.repetition)).map((r) =>
    d.component === '' ? [r] : r.split(d.component),
  )
