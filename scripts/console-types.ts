/**
 * Writes src/console/web/api/types.ts from spec/console.openapi.yaml: what the pages send and get, so that a page which
 * speaks past the document does not compile. Run: node scripts/console-types.ts [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly additionalProperties?: boolean | Schema
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly description?: string
}

interface Parameter {
  readonly $ref?: string
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema?: Schema
}

interface Media {
  readonly schema?: Schema
}

interface Body {
  readonly $ref?: string
  readonly content?: Readonly<Record<string, Media>>
}

interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: Body
  readonly responses?: Readonly<Record<string, Body>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>> & { parameters?: readonly Parameter[] }>>
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const VERBS = ['get', 'put', 'post', 'patch', 'delete'] as const
const root = join(import.meta.dirname, '..')

/** The type of a schema as TypeScript text; what the document leaves open is `unknown`. */
export function typeOf(schema: Schema | undefined, indent = ''): string {
  if (schema === undefined) return 'unknown'
  if (schema.$ref !== undefined) return nameOf(schema.$ref)
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ')
  const parts = schema.allOf?.map((part) => bracket(typeOf(part, indent))) ?? []
  const choice = schema.oneOf ?? schema.anyOf
  if (choice !== undefined) parts.push(bracket(choice.map((each) => typeOf(each, indent)).join(' | ')))
  const own = ownType(schema, indent)
  if (own !== 'unknown' || parts.length === 0) parts.push(own)
  return parts.join(' & ')
}

function ownType(schema: Schema, indent: string): string {
  if (Array.isArray(schema.type))
    return schema.type.map((type) => ownType({ ...schema, type: type as string }, indent)).join(' | ')
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type as string
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      if (schema.prefixItems !== undefined)
        return `readonly [${schema.prefixItems.map((each) => typeOf(each, indent)).join(', ')}]`
      return `ReadonlyArray<${typeOf(schema.items, indent)}>`
    default:
      return schema.type === 'object' || schema.properties !== undefined ? objectType(schema, indent) : 'unknown'
  }
}

function objectType(schema: Schema, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(schema.properties ?? {}).map(([name, each]) => {
    const mark = schema.required?.includes(name) ? '' : '?'
    return `${inner}readonly ${member(name)}${mark}: ${typeOf(each, inner)}\n`
  })
  const rest = schema.additionalProperties
  const open = typeof rest === 'object' ? `Readonly<Record<string, ${typeOf(rest, indent)}>>` : ''
  if (lines.length === 0) return open === '' ? 'Readonly<Record<string, unknown>>' : open
  return `{\n${lines.join('')}${indent}}${open === '' ? '' : ` & ${open}`}`
}

/** `#/components/schemas/Overlay/properties/files` is a member of a named type. */
function nameOf(reference: string): string {
  const [, , , name = '', ...rest] = reference.split('/')
  const members = rest.filter((part, index) => index % 2 === 1 || part !== 'properties')
  return `Schemas${[name, ...members].map((part) => `[${quote(part)}]`).join('')}`
}

const literal = (value: unknown): string => (typeof value === 'string' ? quote(value) : JSON.stringify(value))
const member = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name))
const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const bracket = (text: string): string => (text.includes(' | ') ? `(${text})` : text)

function operationsOf(document: Document): string[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    VERBS.flatMap((verb) => {
      const operation = item[verb]
      if (operation === undefined) return []
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((each) =>
        resolve<Parameter>(document, each),
      )
      const lines = [
        `    readonly path: ${fields(parameters, 'path')}`,
        `    readonly query: ${fields(parameters, 'query')}`,
        `    readonly body: ${bodyOf(resolve(document, operation.requestBody))}`,
        `    readonly reply: ${replyOf(document, operation)}`,
      ]
      return [`  ${quote(`${verb.toUpperCase()} ${path}`)}: {\n${lines.join('\n')}\n  }`]
    }),
  )
}

function fields(parameters: readonly Parameter[], place: string): string {
  const own = parameters.filter((parameter) => parameter.in === place)
  if (own.length === 0) return 'undefined'
  const lines = own.map((each) => `${member(each.name)}${each.required ? '' : '?'}: ${typeOf(each.schema, '    ')}`)
  return `{ ${lines.join('; ')} }`
}

function bodyOf(body: Body | undefined): string {
  const content = body?.content
  if (content === undefined) return 'undefined'
  const json = Object.keys(content).find((type) => /\bjson\b/.test(type))
  return json === undefined ? 'Blob | string' : typeOf(content[json]?.schema, '    ')
}

function replyOf(document: Document, operation: Operation): string {
  const kinds = Object.entries(operation.responses ?? {})
    .filter(([status]) => /^2/.test(status))
    .map(([, reply]) => bodyOf(resolve(document, reply)))
  return kinds.length === 0 ? 'undefined' : [...new Set(kinds)].join(' | ')
}

function resolve<T extends { readonly $ref?: string }>(document: Document, part: T | undefined): T
function resolve<T extends { readonly $ref?: string }>(document: Document, part: T): T {
  if (part?.$ref === undefined) return part
  const [, , folder = '', name = ''] = part.$ref.split('/')
  const found = document.components?.[folder]?.[name]
  if (found === undefined) throw new Error(`${part.$ref} names nothing`)
  return found as T
}

/** The whole file for a document. */
export function typesFile(text: string): string {
  const document = parse(text) as Document
  const schemas = Object.entries((document.components?.['schemas'] ?? {}) as Record<string, Schema>).map(
    ([name, schema]) => `  ${member(name)}: ${typeOf(schema, '  ')}\n`,
  )
  return [
    '/** Generated from spec/console.openapi.yaml by scripts/console-types.ts; change the document, not this file. */\n',
    `export interface Schemas {\n${schemas.join('')}}\n`,
    `export interface Operations {\n${operationsOf(document).join('\n')}\n}\n`,
  ].join('\n')
}

if (import.meta.main) {
  const target = join(root, 'src/console/web/api/types.ts')
  const made = typesFile(readFileSync(join(root, 'spec/console.openapi.yaml'), 'utf8'))
  if (!process.argv.includes('--check')) writeFileSync(target, made)
  else if (readFileSync(target, 'utf8') !== made) {
    process.stderr.write('src/console/web/api/types.ts is older than spec/console.openapi.yaml\n')
    process.exitCode = 1
  }
}
