/** The published document and the table of routes say the same, both ways; its examples are what its schemas admit. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { dereference, validate } from '@readme/openapi-parser'
import { compileSchema } from '../../src/base/schema.ts'
import { readDocument } from '../../src/cli/serve/console-parts.ts'
import { Contract } from '../../src/console/api/contract.ts'
import { CONSOLE_CODES } from '../../src/console/api/failure.ts'
import { ROUTES } from '../../src/console/api/routes.ts'

const FILE = fileURLToPath(new URL('../../spec/console.openapi.yaml', import.meta.url))

interface Operation {
  readonly operationId: string
  readonly 'x-roles': readonly string[]
  readonly security?: readonly object[]
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: object; readonly example?: unknown }>>
  }
  readonly responses: Readonly<Record<string, object>>
}

test('it is OpenAPI 3.1', async () => {
  const result = await validate(FILE)
  assert.equal(result.valid, true, JSON.stringify(result))
})

test('every route is in the document and every operation is a route, with the same roles', async () => {
  const { paths } = await readDocument()
  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => method !== 'parameters')
      .map(([method, operation]) => {
        const { operationId, 'x-roles': roles } = operation as Operation
        return `${method} ${path} ${operationId} ${[...roles].sort().join(' ')}`
      }),
  )
  const table = ROUTES.map((r) => `${r.method} ${r.path} ${r.operation} ${[...r.roles].sort().join(' ')}`)
  assert.deepEqual(described.sort(), table.sort())
})

test('a document that says something else stops the start', async () => {
  const document = structuredClone(await readDocument())
  ;(document.paths['/api/users']!['get'] as { 'x-roles': string[] })['x-roles'] = ['any']
  assert.throws(() => new Contract(document), /listUsers/)
})

test('examples are admitted, unknown members are not', async () => {
  // biome-ignore lint/suspicious/noExplicitAny: a document of its own kind
  const document = (await dereference(FILE)) as any
  let seen = 0
  for (const item of Object.values(document.paths) as Record<string, Operation>[])
    for (const operation of Object.values(item)) {
      const json = operation.requestBody?.content?.['application/json']
      if (json?.example === undefined) continue
      const check = compileSchema(JSON.parse(JSON.stringify(json.schema)))
      assert.deepEqual(check(json.example), [], operation.operationId)
      assert.ok(check({ ...(json.example as object), more: 1 }).length > 0, operation.operationId)
      seen++
    }
  assert.ok(seen > 12)
})

test('codes are told in both languages and never twice', () => {
  for (const [code, { status, zh, en }] of Object.entries(CONSOLE_CODES)) {
    assert.match(zh, /\p{Script=Han}/u, code)
    assert.ok(en.length > 5 && status >= 400 && status < 600, code)
  }
  assert.ok(!readFileSync(FILE, 'utf8').includes('\t'))
})
