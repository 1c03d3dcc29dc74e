/**
 * What a careful team writes today: JSON.parse, a walk over compiled paths, JSON.stringify; and for HL7 v2 split and
 * join. Same rules, same results on the benchmark's payloads.
 */
import { FHIR_PATHS, HIS_PATHS, HL7_PLACES, type Op } from './mask-rules.ts'
import { TERMS } from './payloads.ts'

interface PathNode {
  op: Op | null
  readonly kids: Map<string, PathNode>
}
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const pathNode = (): PathNode => ({ op: null, kids: new Map() })

function put(root: PathNode, path: string, op: Op): void {
  let node = root
  for (const key of path.split('.')) {
    let kid = node.kids.get(key)
    if (kid === undefined) node.kids.set(key, (kid = pathNode()))
    node = kid
  }
  node.op = op
}

const byType = new Map<string, PathNode>()
for (const [type, path, op] of FHIR_PATHS) {
  if (!byType.has(type)) byType.set(type, pathNode())
  put(byType.get(type)!, path, op)
}
const hisRow = pathNode()
for (const [key, op] of HIS_PATHS) put(hisRow, key, op)

const STARS = Array.from({ length: 256 }, (_, n) => '*'.repeat(n))

function keep(text: string, first: number, last: number): string {
  let n = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c >= 0xd800 && c < 0xdc00) i++
    n++
  }
  if (n <= first + last) return STARS[n]!
  if (n === text.length) return text.slice(0, first) + STARS[n - first - last]! + text.slice(n - last)
  const points = Array.from(text)
  return points.slice(0, first).join('') + STARS[n - first - last]! + points.slice(n - last).join('')
}

function treat(op: Op, text: string): string {
  switch (op) {
    case 'name':
      return keep(text, 1, 0)
    case 'id':
      return keep(text, 6, 4)
    case 'phone':
      return keep(text, 3, 4)
    case 'year':
      return /^\d{4}/.test(text) ? text.slice(0, 4) : '***'
    case 'dict':
      return TERMS.get(text) ?? '***'
    case 'redact':
      return '***'
  }
}

function walk(value: Json, node: PathNode): Json {
  if (typeof value === 'string') return node.op === null ? value : treat(node.op, value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = walk(value[i]!, node)
    return value
  }
  for (const [key, kid] of node.kids) {
    const member = value[key]
    if (member !== undefined) value[key] = walk(member, kid)
  }
  return value
}

/** FHIR search bundle in, masked bundle out. */
export function maskFhirByWalk(body: Buffer): Buffer {
  const bundle = JSON.parse(body.toString()) as {
    entry: { resource: { resourceType: string } & { [key: string]: Json } }[]
  }
  for (const entry of bundle.entry) {
    const rules = byType.get(entry.resource.resourceType)
    if (rules !== undefined) walk(entry.resource, rules)
  }
  return Buffer.from(JSON.stringify(bundle))
}

/** HIS list in, masked list out. */
export function maskHisByWalk(body: Buffer): Buffer {
  const answer = JSON.parse(body.toString()) as { data: Json[] }
  for (const row of answer.data) walk(row, hisRow)
  return Buffer.from(JSON.stringify(answer))
}

function treatHl7(op: Op, text: string, escapeChar: string): string {
  if (text === '' || text === '""') return text
  return treat(text.includes(escapeChar) ? 'redact' : op, text)
}

/** ER7 message in, masked message out: the split/join masker most people write. */
export function maskHl7BySplit(body: Buffer): Buffer {
  const text = body.toString()
  const [field, component, repetition, escapeChar, sub] = [text[3]!, text[4]!, text[5]!, text[6]!, text[7]!]
  const segments = text.split('\r')
  for (let i = 0; i < segments.length; i++) {
    const fields = segments[i]!.split(field)
    for (const [segment, number, place, op] of HL7_PLACES) {
      const value = fields[0] === segment ? fields[number] : undefined
      if (value === undefined || value === '') continue
      fields[number] = value
        .split(repetition)
        .map((rep) => {
          const components = rep.split(component)
          for (let c = 0; c < components.length; c++) {
            if (place === c + 1)
              components[c] = components[c]!.split(sub)
                .map((x) => treatHl7(op, x, escapeChar))
                .join(sub)
          }
          return components.join(component)
        })
        .join(repetition)
    }
    segments[i] = fields.join(field)
  }
  return Buffer.from(segments.join('\r'))
}
