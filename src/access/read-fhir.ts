/**
 * `fhir:` of an entry -> one entry per resource type and interaction (FHIR R4 http.html): read GET base/Type/{id},
 * search GET base/Type, create POST base/Type, update PUT base/Type/{id}. Ids and default scopes are
 * `<entry>.<type in kebab case>.<interaction>`; a `scope:` written out holds for all of them.
 */
import { type Fields, readWord, type Say } from '../base/fields.ts'
import type { YamlEntry } from '../base/yaml.ts'
import type { Entry, QueryParameter, Verb } from './model.ts'
import { readObligations } from './read-obligations.ts'
import { readParameterList } from './read-parameters.ts'
import { readTemplate } from './read-template.ts'

/** What all entries of one `fhir:` block share with a plain entry. */
export type EntryBase = Omit<Entry, 'method' | 'path' | 'to' | 'verb' | 'query' | 'request' | 'format'>

const INTERACTIONS = ['read', 'search', 'create', 'update'] as const
type Interaction = (typeof INTERACTIONS)[number]
const SHAPES: Readonly<Record<Interaction, { method: string; verb: Verb; id: boolean; zh: string }>> = {
  read: { method: 'GET', verb: 'query', id: true, zh: '读取' },
  search: { method: 'GET', verb: 'query', id: false, zh: '检索' },
  create: { method: 'POST', verb: 'create', id: false, zh: '新增' },
  update: { method: 'PUT', verb: 'update', id: true, zh: '更新' },
}
const A_TYPE: Say = { zh: 'FHIR 资源类型，如 Patient', en: 'a FHIR resource type such as Patient' }
const TYPE = /^[A-Z][A-Za-z]{2,63}$/

export function expandFhir(fields: Fields<'entry'>, base: EntryBase): Entry[] {
  const { reading } = fields
  for (const key of ['call', 'to', 'query', 'verb', 'format'] as const)
    if (fields.has(key))
      reading.error(
        fields.placeOf(key),
        'fhir-key',
        {
          zh: `“${fields.word(key)}”不能与“${fields.word('fhir')}”同时出现`,
          en: `"${fields.word(key)}" does not stand beside "${fields.word('fhir')}"`,
        },
        {
          zh: `不写“${fields.word(key)}”，它由“${fields.word('fhir')}”得出`,
          en: `no "${fields.word(key)}": it follows from "${fields.word('fhir')}"`,
        },
      )
  const fhir = fields.map('fhir', 'entry-fhir')!
  const path = readTemplate(fhir.text('base'), fhir.valueAt('base'), reading)
  const to = readTemplate(fhir.text('to', path ?? '/x'), fhir.valueAt('to'), reading)
  fhir.need('types')
  const types = fhir.entries('types', TYPE, A_TYPE)
  const search = readSearch(fhir, types)
  const out: Entry[] = []
  for (const type of types) {
    for (const interaction of readInteractions(type, fhir)) {
      const { method, verb, id, zh } = SHAPES[interaction]
      const query = interaction === 'search' ? (search.get(type.key) ?? []) : []
      const own = `${base.id}.${kebab(type.key)}.${interaction}`
      const tail = id ? `/${type.key}/{id}` : `/${type.key}`
      out.push({
        ...base,
        id: own,
        zh: `${base.zh} ${type.key} ${zh}`,
        scope: fields.has('scope') ? base.scope : own,
        method,
        path: (path ?? '') + tail,
        to: (to ?? '') + tail,
        format: 'fhir',
        verb,
        query,
        request: needsRequest(method, query)
          ? readObligations(fields, { method, verb, query, approval: base.approval ?? null })
          : null,
        at: type.at,
      })
    }
  }
  return out
}

const needsRequest = (method: string, query: readonly QueryParameter[]): boolean => method !== 'GET' || query.length > 0

function readInteractions(type: YamlEntry, fhir: Fields<'entry-fhir'>): Interaction[] {
  const nodes = type.value.type === 'list' ? type.value.items : [type.value]
  const words = nodes.map((node) => readWord(node, 'fhir-interaction', INTERACTIONS, fhir.reading, fhir.word('types')))
  const found = words.filter((word) => word !== undefined)
  if (nodes.length === 0)
    fhir.reading.error(
      type.value.at,
      'bad-value',
      { zh: '没有交互', en: 'no interaction stands here' },
      {
        zh: '至少一种，如 [读取]',
        en: 'at least one, such as [read]',
      },
    )
  return [...new Set(found)]
}

/** Search parameters by type. A type that is searched declares them: without any, every search would list everything. */
function readSearch(fhir: Fields<'entry-fhir'>, types: readonly YamlEntry[]): ReadonlyMap<string, QueryParameter[]> {
  const out = new Map<string, QueryParameter[]>()
  for (const entry of fhir.entries('search', TYPE, A_TYPE)) {
    if (entry.value.type !== 'list')
      fhir.reading.error(
        entry.value.at,
        'bad-value',
        {
          zh: '这里应是参数列表',
          en: 'this must be a list of parameters',
        },
        { zh: `如 ${entry.key}: [_id]`, en: `such as ${entry.key}: [_id]` },
      )
    else out.set(entry.key, readParameterList(entry.value.items, fhir.reading))
    if (!types.some((t) => t.key === entry.key))
      fhir.reading.error(
        entry.at,
        'fhir-search',
        {
          zh: `“${entry.key}”不在资源类型中`,
          en: `"${entry.key}" is not among the types`,
        },
        {
          zh: `资源类型之一：${types.map((t) => t.key).join('、')}`,
          en: `one of ${types.map((t) => t.key).join(', ')}`,
        },
      )
  }
  for (const type of types) {
    const nodes = type.value.type === 'list' ? type.value.items : [type.value]
    const searched = nodes.some((n) => n.type === 'scalar' && /^(?:search|检索)$/.test(String(n.value)))
    if (searched && (out.get(type.key) ?? []).length === 0)
      fhir.reading.error(
        type.at,
        'fhir-search',
        {
          zh: `“${type.key}”可检索，但没有登记检索参数`,
          en: `"${type.key}" is searched but declares no search parameters`,
        },
        { zh: `检索参数: { ${type.key}: [_id] }`, en: `search: { ${type.key}: [_id] }` },
      )
  }
  return out
}

const kebab = (type: string): string => type.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()
