// Makes data/fhir-r4.json from the HL7 FHIR R4 (4.0.1) StructureDefinitions.
// Usage: node scripts/fhir-types.mjs FOLDER   (FOLDER holds profiles-types.json and profiles-resources.json)
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: fhir-types.mjs FOLDER')
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).entry.map((e) => e.resource)
const last = (url) => url.slice(url.lastIndexOf('/') + 1)

const definitions = [...read('profiles-types.json'), ...read('profiles-resources.json')].filter(
  (r) => r.resourceType === 'StructureDefinition' && r.kind !== 'logical' && r.derivation !== 'constraint',
)

const primitives = {}
const types = {}
for (const d of definitions) {
  const base = d.baseDefinition === undefined ? null : last(d.baseDefinition)
  if (d.kind === 'primitive-type') primitives[d.id] = base
  else collect(d, base)
}

function collect(d, base) {
  const own = (types[d.id] = { kind: d.kind === 'resource' ? 'resource' : 'type', base, props: {} })
  if (d.abstract === true) own.abstract = true
  for (const e of d.snapshot.element) {
    if (!e.path.includes('.')) continue
    // A specialisation repeats what its base says; only its own elements are written down.
    if (e.base !== undefined && e.base.path !== e.path) continue
    const cut = e.path.lastIndexOf('.')
    const owner = e.path.slice(0, cut)
    if (owner !== d.id) types[owner] ??= { kind: 'part', base: 'BackboneElement', props: {} }
    types[owner].props[e.path.slice(cut + 1)] = property(e, owner)
    if (owner !== d.id && d.kind === 'complex-type') types[owner].base = 'Element'
  }
}

function property(e) {
  const list = e.max === '1' ? '' : '*'
  const required = e.min > 0 ? '!' : ''
  return `${typeNames(e)}${list}${required}`
}

function typeNames(e) {
  // The R4 snapshot says string here; the specification (resource.html) says id.
  if (e.path === 'Resource.id') return 'id'
  if (e.contentReference !== undefined) return last(e.contentReference).replace('#', '')
  // The definition's own parts (BackboneElement, Element with children) are types of their own here.
  const codes = e.type.map((t) => t.code)
  if (codes.length === 1 && (codes[0] === 'BackboneElement' || codes[0] === 'Element')) return e.path
  return e.type.map((t) => name(t)).join('|')
}

function name(t) {
  if (t.code.startsWith('http://hl7.org/fhirpath/System.')) return 'string'
  if (t.code !== 'Reference' || t.targetProfile === undefined) return t.code
  const targets = t.targetProfile.map(last)
  return targets.includes('Resource') ? 'Reference' : `Reference(${targets.join(',')})`
}

// Abstract bases carry what their heirs do not repeat.
const known = new Set([...Object.keys(types), ...Object.keys(primitives)])
for (const [owner, t] of Object.entries(types)) {
  for (const [prop, notation] of Object.entries(t.props)) {
    for (const part of notation
      .replace(/[*!]+$/, '')
      .replace(/\([^)]*\)/g, '')
      .split('|')) {
      if (!known.has(part)) throw new Error(`${owner}.${prop}: unknown type ${part}`)
    }
  }
}

const sorted = Object.fromEntries(
  Object.keys(types)
    .sort()
    .map((id) => [id, types[id]]),
)
const lines = Object.entries(sorted).map(([id, t]) => `    ${JSON.stringify(id)}: ${JSON.stringify(t)}`)
const text = `{
  "source": "HL7 FHIR R4 (4.0.1) StructureDefinitions, http://hl7.org/fhir/R4/definitions.json.zip",
  "licence": "CC0-1.0 (HL7 FHIR is published under the Creative Commons public domain dedication)",
  "version": "4.0.1",
  "made": "scripts/fhir-types.mjs",
  "notation": "type|type, Reference(targets); * list, ! required (min 1)",
  "primitives": ${JSON.stringify(primitives)},
  "types": {
${lines.join(',\n')}
  }
}
`
writeFileSync(fileURLToPath(new URL('../data/fhir-r4.json', import.meta.url)), text)
