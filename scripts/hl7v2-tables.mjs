/**
 * Makes data/hl7v2.json: which datatype each HL7 v2 field has, which components each datatype has, and the values of
 * the tables. Source: the npm package hl7-dictionary (MIT), given as a folder; it is not a dependency.
 *
 *   node scripts/hl7v2-tables.mjs FOLDER > data/hl7v2.json
 *
 * Version 2.5.1 decides; other versions from 2.3 to 2.7.1 only add segments, datatypes and trailing fields.
 * A field is written TYPE or TYPE:TABLE, `-` where the versions know none.
 */
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const folder = process.argv[2]
if (folder === undefined) {
  process.stderr.write('usage: node scripts/hl7v2-tables.mjs FOLDER_OF_HL7_DICTIONARY > data/hl7v2.json\n')
  process.exit(2)
}
const require = createRequire(import.meta.url)
const dictionary = require(resolve(folder))
const { version, license } = require(resolve(folder, 'package.json'))

const VERSIONS = ['2.5.1', '2.5', '2.6', '2.7', '2.7.1', '2.4', '2.3.1', '2.3']

/** @param {{ datatype?: string, table?: number }} part */
const word = (part) => {
  const type = part.datatype?.trim() || '-'
  return part.table === undefined ? type : `${type}:${Number(part.table)}`
}

/** Lists of all versions by name; the first version that knows a place decides it. */
function merge(section, list) {
  const merged = new Map()
  for (const v of VERSIONS)
    for (const [name, definition] of Object.entries(dictionary.definitions[v][section])) {
      const parts = definition[list] ?? []
      const known = merged.get(name) ?? []
      for (let i = known.length; i < parts.length; i++) known.push(word(parts[i]))
      merged.set(name, known)
    }
  return Object.fromEntries(
    [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, parts]) => [name, parts.join(' ')]),
  )
}

const tables = {}
for (const [id, table] of Object.entries(dictionary.tables)) {
  const values = Object.keys(table.values ?? {}).filter((v) => v !== 'null' && /^[\x21-\x7e ]{1,20}$/.test(v))
  if (values.length > 0) tables[id] = values.join('|')
}

const lines = (object) =>
  Object.entries(object)
    .map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n')

process.stdout.write(`{
  "source": "HL7 v2.5.1 with additions of 2.3 to 2.7.1, from the npm package hl7-dictionary ${version}",
  "licence": ${JSON.stringify(license)},
  "made-by": "scripts/hl7v2-tables.mjs",
  "segments": {
${lines(merge('segments', 'fields'))}
  },
  "datatypes": {
${lines(merge('fields', 'subfields'))}
  },
  "tables": {
${lines(tables)}
  }
}
`)
