/** What every map of random ids promises. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { keysFor } from '../../src/adapters/dataset-map/index.ts'
import { memoryDatasetMap } from '../../src/adapters/dataset-map/memory.ts'
import { hashOf, lineOf } from '../../src/adapters/dataset-map/sealed.ts'
import { openDatasetMap } from '../../src/adapters/dataset-map/sqlite.ts'
import { createRing, destroy, type Keyring, retire, rotate } from '../../src/base/keyring.ts'
import { Pseudonyms } from '../../src/mask/index.ts'
import type { DatasetMap } from '../../src/ports/dataset-map.ts'

const RING = createRing(randomBytes(32), '2026-01-01T00:00:00Z')
const PSEUDONYMS = new Pseudonyms(RING)
const P1 = { recipient: 'university', name: 'p1' }
const SLOT = 'inpatient-no/teaching'
const AT = '2026-11-21T00:00:00Z'
const BY = ['chen', 'wang'] as const

function datasetMap(path: string | null, ring: Keyring, pseudonyms: Pseudonyms): DatasetMap {
  const keys = keysFor(ring, pseudonyms)
  return path === null ? memoryDatasetMap(keys, () => AT) : openDatasetMap(path, keys, () => AT)
}

function place(): { readonly path: string; end(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'datasets-'))
  return { path: join(dir, 'datasets.sqlite'), end: () => rmSync(dir, { recursive: true, force: true }) }
}

for (const kind of ['memory', 'sqlite'] as const)
  test(`${kind}: ids are the same for the same value, drawn for each dataset, and end with it`, () => {
    const at = place()
    const map = datasetMap(kind === 'memory' ? null : at.path, RING, PSEUDONYMS)
    try {
      const id = map.idOf(P1, SLOT, 'ZY20260001')
      assert.match(id, /^R[A-Z2-7]{19}$/)
      assert.ok(PSEUDONYMS.isOwnToken(id))
      assert.equal(map.idOf(P1, SLOT, 'ZY20260001'), id)
      const others = [
        map.idOf(P1, SLOT, 'ZY20260002'),
        map.idOf(P1, 'inpatient-no/county', 'ZY20260001'),
        map.idOf({ ...P1, name: 'p2' }, SLOT, 'ZY20260001'),
        map.idOf({ ...P1, recipient: 'insurer' }, SLOT, 'ZY20260001'),
      ]
      assert.equal(new Set([id, ...others]).size, 5)
      assert.deepEqual(map.find(P1, id), { slot: SLOT, canonical: 'ZY20260001' })
      assert.equal(map.find(P1, others[2]!), null, 'ids of another dataset are not found here')
      assert.deepEqual(map.list().find((d) => d.name === 'p1' && d.recipient === 'university')?.entries, 3)
      const certificate = map.destroy(P1, BY, AT)
      assert.ok(certificate)
      assert.deepEqual(
        [certificate.entries, certificate.by, certificate.at, certificate.previous],
        [3, BY, AT, '0'.repeat(64)],
      )
      assert.equal(map.destroy(P1, BY, AT), null, 'once')
      assert.throws(() => map.idOf(P1, SLOT, 'ZY20260001'), { code: 'DATASET_DESTROYED' })
      assert.throws(() => map.idOf(P1, SLOT, 'new'), { code: 'DATASET_DESTROYED' })
      assert.equal(map.find(P1, id), null)
      assert.equal(map.idOf({ ...P1, name: 'p2' }, SLOT, 'ZY20260001'), others[2], 'others live on')
      const second = map.destroy({ ...P1, name: 'p2' }, BY, AT)
      assert.equal(second?.previous, hashOf(lineOf(certificate)), 'certificates are a chain')
      assert.equal(map.certificates().length, 2)
    } finally {
      map.close()
      at.end()
    }
  })

test('sqlite: two processes give one id; what one destroys the other gives no more; the file tells nothing', async () => {
  const at = place()
  const a = datasetMap(at.path, RING, PSEUDONYMS)
  const b = datasetMap(at.path, RING, PSEUDONYMS)
  try {
    const ids = Array.from({ length: 50 }, (_, i) => (i % 2 ? a : b).idOf(P1, SLOT, `ZY2026${i}CANARY`))
    for (const [i, id] of ids.entries()) assert.equal((i % 2 ? b : a).idOf(P1, SLOT, `ZY2026${i}CANARY`), id)
    const files = (): string =>
      readdirSync(join(at.path, '..'))
        .map((name) => readFileSync(join(at.path, '..', name), 'latin1'))
        .join('')
    const before = files()
    for (const trace of ['CANARY', ids[0]!, 'inpatient-no']) assert.ok(!before.includes(trace), trace)
    a.destroy(P1, BY, AT)
    await new Promise(setImmediate)
    assert.throws(() => b.idOf(P1, SLOT, 'ZY20260CANARY'), { code: 'DATASET_DESTROYED' })
  } finally {
    a.close()
    b.close()
    at.end()
  }
})

test('sqlite: it outlives the process; a retired epoch still opens it, a destroyed one never again', () => {
  const at = place()
  try {
    const first = datasetMap(at.path, RING, PSEUDONYMS)
    const id = first.idOf(P1, SLOT, 'ZY1')
    first.close()
    const rotated = retire(rotate(RING, randomBytes(32), AT), 'e1')
    const next = datasetMap(at.path, rotated, new Pseudonyms(rotated))
    assert.equal(next.idOf(P1, SLOT, 'ZY1'), id)
    next.close()
    const gone = destroy(rotated, 'e1')
    const last = datasetMap(at.path, gone, new Pseudonyms(gone))
    assert.throws(() => last.idOf(P1, SLOT, 'ZY1'), { code: 'DATASET_DESTROYED' })
    assert.ok(last.idOf({ ...P1, name: 'p9' }, SLOT, 'ZY1'))
    last.close()
  } finally {
    at.end()
  }
})
