/** Holds calls to the published document: parameters and bodies of every operation are checked by its schemas. */
import { compileSchema, type SchemaCheck } from '../../base/schema.ts'
import { Refusal } from './failure.ts'
import type { OpenApi } from './options.ts'
import { type Operation, ROUTES } from './routes.ts'

type Schema = Readonly<Record<string, unknown>>
interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: Schema
}
interface Described {
  readonly operationId: string
  readonly 'x-roles': readonly string[]
  readonly parameters?: readonly Schema[]
  readonly requestBody?: Schema
}

interface Checks {
  readonly path: ReadonlyMap<string, Judge>
  readonly query: ReadonlyMap<string, Judge>
  readonly needed: readonly string[]
  readonly json: SchemaCheck | null
  /** media types besides JSON */
  readonly media: readonly string[]
}
type Judge = (text: string) => boolean

export class Contract {
  readonly #checks: ReadonlyMap<Operation, Checks>

  /** Throws an Error when document and table of routes differ: that is a fault of the house. */
  constructor(document: OpenApi) {
    this.#checks = new Map(
      ROUTES.map(({ operation, method, path, roles }) => {
        const item = document.paths[path]
        const described = item?.[method] as Described | undefined
        if (
          described?.operationId !== operation ||
          [...described['x-roles']].sort().join() !== [...roles].sort().join()
        )
          throw new Error(`the document does not describe ${operation} as the table of routes does`)
        const common = (item!['parameters'] ?? []) as readonly Schema[]
        return [operation, checksOf(described, common, document)]
      }),
    )
  }

  /** Path values are taken as they are; a wrong one is not there. Throws Refusal NOT_FOUND, BAD_PARAMETER. */
  parameters(operation: Operation, path: Readonly<Record<string, string>>, query: unknown): Record<string, string> {
    const checks = this.#checks.get(operation)!
    for (const [name, judge] of checks.path)
      if (path[name] === undefined || !judge(path[name])) throw new Refusal('NOT_FOUND')
    const found: Record<string, string> = {}
    for (const [name, value] of Object.entries(query as Record<string, unknown>)) {
      const judge = checks.query.get(name)
      if (judge === undefined || typeof value !== 'string' || !judge(value)) throw new Refusal('BAD_PARAMETER')
      found[name] = value
    }
    if (checks.needed.some((name) => !Object.hasOwn(found, name))) throw new Refusal('BAD_PARAMETER')
    return found
  }

  /** Which body an operation takes. */
  takes(operation: Operation): { readonly json: boolean; readonly media: readonly string[] } {
    const { json, media } = this.#checks.get(operation)!
    return { json: json !== null, media }
  }

  /** Throws Refusal BAD_BODY. */
  body(operation: Operation, value: unknown): void {
    const check = this.#checks.get(operation)!.json
    if (check !== null && check(value).length > 0) throw new Refusal('BAD_BODY')
  }
}

function checksOf(described: Described, common: readonly Schema[], document: OpenApi): Checks {
  const parameters = [...common, ...(described.parameters ?? [])].map((p) => deref(p, document) as unknown as Parameter)
  const of = (place: string) =>
    new Map(parameters.filter((p) => p.in === place).map((p) => [p.name, judgeOf(p.schema, document)]))
  const body = described.requestBody === undefined ? null : deref(described.requestBody, document)
  const content = (body?.['content'] ?? {}) as Readonly<Record<string, { readonly schema: Schema }>>
  const json = content['application/json']?.schema
  return {
    path: of('path'),
    query: of('query'),
    needed: parameters.filter((p) => p.in === 'query' && p.required === true).map((p) => p.name),
    json: json === undefined ? null : compileSchema(whole(json, document)),
    media: Object.keys(content).filter((type) => type !== 'application/json'),
  }
}

function judgeOf(schema: Schema, document: OpenApi): Judge {
  const check = compileSchema(whole(schema, document))
  const plain = deref(schema, document)
  if (plain['type'] !== 'integer') return (text) => check(text).length === 0
  return (text) => /^\d{1,15}$/.test(text) && check(Number(text)).length === 0
}

function deref(schema: Schema, document: OpenApi): Schema {
  const ref = schema['$ref']
  if (typeof ref !== 'string') return schema
  const target = ref
    .split('/')
    .slice(1)
    .reduce<unknown>((at, step) => (at as Readonly<Record<string, unknown>>)[step], document)
  return deref(target as Schema, document)
}

/** The schema with every reference written out; the document has no cycles but one, which only answers use. */
function whole(schema: unknown, document: OpenApi, depth = 0): Schema {
  if (depth > 30) throw new Error('a request schema refers to itself')
  if (Array.isArray(schema)) return schema.map((item) => whole(item, document, depth + 1)) as unknown as Schema
  if (typeof schema !== 'object' || schema === null) return schema as unknown as Schema
  const plain = deref(schema as Schema, document)
  const { $ref: _ref, ...beside } = schema as Schema
  return Object.fromEntries(
    Object.entries({ ...plain, ...beside })
      // notes for readers, not for values
      .filter(([key, value]) => key !== 'example' && !(key === 'description' && typeof value === 'string'))
      .map(([key, value]) => [key, whole(value, document, depth + 1)]),
  )
}
