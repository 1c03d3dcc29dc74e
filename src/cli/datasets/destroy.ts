/**
 * `veilgate datasets destroy`: the map of a dataset is forgotten for good. Two approvers sign for it, each on their own
 * machine with --sign; the statements name the dataset by a hash of institution and name, and the keyring they saw.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fingerprint, type Keyring } from '../../base/keyring.ts'
import type { DatasetName } from '../../mask/keyed.ts'
import type { DatasetMap } from '../../ports/dataset-map.ts'
import { readClaims } from '../../release/claims.ts'
import { verifyStatement } from '../../release/jws.ts'
import { defaultLifetime, type Matter, quorum } from '../../release/quorum.ts'
import { RefusedError } from '../authority/refused.ts'
import { EXIT, type Io } from '../command.ts'
import { rosterOf } from '../keys/destroy.ts'
import { readConfig, SIGNER_OPTIONS, signerOf, tellingCodes } from '../release/open-desk.ts'

export const DESTROY_OPTIONS = {
  ...SIGNER_OPTIONS,
  config: { type: 'string', default: 'veilgate.yaml' },
  sign: { type: 'boolean', default: false },
  statement: { type: 'string', multiple: true },
} as const

type Values = Parameters<typeof signerOf>[0] & {
  readonly why: string
  readonly config: string
  readonly sign: boolean
  readonly statement?: string[] | undefined
}

/** What a statement calls the dataset: no two names give one. */
export const subjectOf = ({ recipient, name }: DatasetName): string =>
  `dataset:${createHash('sha256')
    .update(JSON.stringify([recipient, name]))
    .digest('hex')
    .slice(0, 32)}`

export function destroyDataset(
  map: DatasetMap,
  dataset: DatasetName,
  ring: Keyring,
  values: Values,
  io: Io,
): Promise<number> {
  return tellingCodes(async () => {
    if (!map.list().some((d) => d.recipient === dataset.recipient && d.name === dataset.name && d.destroyed === null))
      throw new RefusedError('there is no such dataset, or it is destroyed already')
    const about = { act: 'destroy', subject: subjectOf(dataset), files: null, parent: fingerprint(ring) } as const
    const now = Math.floor(Date.now() / 1000)
    if (values.sign) {
      const times = { iat: now, exp: now + defaultLifetime('destroy'), jti: randomUUID() }
      const claims = readClaims({ v: 1, ...about, class: 'destroy', ...times, why: values.why })
      io.out(`${await (await signerOf(values, io)).sign(claims)}\n`)
      return EXIT.done
    }
    const given = await Promise.all((values.statement ?? []).map((path) => readFile(resolve(io.cwd, path), 'utf8')))
    const matter: Matter = { ...about, class: 'destroy', at: now, spent: new Set(), author: null }
    const { config, base } = await readConfig(values.config, io)
    const roster = await rosterOf(config, base, io)
    const [a, b] = quorum(await Promise.all(given.map((jws) => verifyStatement(jws.trim(), roster))), matter)
    const certificate = map.destroy(dataset, [a!, b!], new Date().toISOString())
    if (certificate === null) throw new RefusedError('there is no such dataset, or it is destroyed already')
    io.out(`${JSON.stringify(certificate)}\n`)
    return EXIT.done
  })
}
