/**
 * Keep-everything on the road: nothing is read, so every file of the corpora, broken ones as well, leaves a real upstream
 * and reaches its caller over mutual TLS byte for byte.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import https from 'node:https'
import { after, before, describe, test } from 'node:test'
import type { FormatName } from '../../src/mask/model.ts'
import { corporaMissing, corpusFiles } from '../fixtures/corpora.ts'
import { eventually } from '../fixtures/road.ts'
import { json, type Scene, startScene } from '../fixtures/scene.ts'

const TYPES: Readonly<Record<FormatName, string>> = {
  json: 'application/json',
  fhir: 'application/fhir+json',
  ndjson: 'application/x-ndjson',
  hl7v2: 'application/hl7-v2',
}
const FORMATS = Object.keys(TYPES) as FormatName[]
const entry = (format: FormatName): string =>
  `  raw.${format}: { zh: 原样, status: published, call: "GET /teaching/${format}/{no}", to: "/${format}/{no}", format: ${format}, roles: [auditor], scope: his.record }\n`
const INTERFACES = `provider: teaching\nupstream: { base: "UPSTREAM" }\nentries:\n${FORMATS.map(entry).join('')}`

describe('the corpora under keep-everything', { skip: corporaMissing }, () => {
  let scene: Scene
  const agent = new https.Agent({ keepAlive: true })
  before(async () => void (scene = await startScene({ interfaces: INTERFACES })))
  after(() => {
    agent.destroy()
    return scene.close()
  })

  for (const format of FORMATS)
    test(`${format}: every file passes, unread and identical`, async (t) => {
      const files = corpusFiles().filter((file) => file.format === format)
      const token = await scene.token('auditor')
      for (const { name, path } of files) {
        const bytes = readFileSync(path)
        scene.answer = json(bytes, { 'content-type': TYPES[format] })
        const told = await scene.ask({ path: `/teaching/${format}/1`, token, agent })
        assert.equal(told.status, 200, name)
        assert.ok(told.body.equals(bytes), `${name} changed`)
      }
      await eventually(() => scene.road.journal.records.length >= files.length)
      for (const { code, masking } of scene.road.journal.records) {
        assert.equal(code, null)
        assert.equal(masking, null, 'nobody has read it')
      }
      t.diagnostic(`${files.length} files`)
      assert.ok(files.length >= { json: 370, fhir: 110, ndjson: 50, hl7v2: 46 }[format])
    })
})
