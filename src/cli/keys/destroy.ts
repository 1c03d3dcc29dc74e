/**
 * `veilgate keys destroy`: an epoch's bytes are forgotten for good, and with them every token, map and journal made from
 * it. Two approvers sign for it; a certificate stays beside the ring.
 */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { destroy, fingerprint } from '../../base/keyring.ts'
import type { Config } from '../../config.ts'
import type { Roster } from '../../release/approvers.ts'
import { readClaims } from '../../release/claims.ts'
import { verifyStatement } from '../../release/jws.ts'
import { defaultLifetime, type Matter, quorum } from '../../release/quorum.ts'
import { RefusedError } from '../authority/refused.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { openDesk, readConfig, SIGNER_OPTIONS, signerOf, tellingCodes } from '../release/open-desk.ts'
import { openRing, RING_OPTIONS, replaceRing, writeNew } from './ring-file.ts'

const OPTIONS = {
  ...RING_OPTIONS,
  ...SIGNER_OPTIONS,
  config: { type: 'string', default: 'veilgate.yaml' },
  sign: { type: 'boolean', default: false },
  out: { type: 'string' },
  statement: { type: 'string', multiple: true },
} as const

export function destroyEpoch(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  const [id] = positionals
  if (id === undefined || positionals.length > 1) throw new UsageError('one epoch, such as e1')
  return tellingCodes(async () => {
    const opened = await openRing(values, io)
    const subject = `epoch:${id}`
    const parent = fingerprint(opened.ring)
    const now = Math.floor(Date.now() / 1000)
    if (values.sign) {
      const times = { iat: now, exp: now + defaultLifetime('destroy'), jti: randomUUID() }
      const about = { v: 1, act: 'destroy', subject, files: null, parent, class: 'destroy' }
      const claims = readClaims({ ...about, ...times, why: values.why })
      const jws = await (await signerOf(values, io)).sign(claims)
      if (values.out === undefined) io.out(`${jws}\n`)
      else await writeNew(resolve(io.cwd, values.out), `${jws}\n`, 'statement')
      return EXIT.done
    }
    const next = destroy(opened.ring, id)
    const given = await Promise.all((values.statement ?? []).map((path) => readFile(resolve(io.cwd, path), 'utf8')))
    const matter: Matter = {
      act: 'destroy',
      subject,
      files: null,
      parent,
      class: 'destroy',
      at: now,
      spent: new Set(),
      author: null,
    }
    const { config, base } = await readConfig(values.config, io)
    const by = await approved(given, matter, await rosterOf(config, base, io))
    // the certificate first: what it tells of must not happen without it
    const certificate = {
      veilgate: 'destroyed',
      version: 1,
      subject,
      ring: { before: parent, after: fingerprint(next) },
    }
    const at = new Date().toISOString()
    const text = `${JSON.stringify({ ...certificate, at, by, statements: given.map((jws) => jws.trim()) }, null, 2)}\n`
    await writeNew(`${opened.path}.${id}.destroyed.json`, text, 'certificate')
    await replaceRing(opened, next)
    io.out(values.json ? text : `${id} destroyed by ${by.join(', ')}\nfingerprint ${fingerprint(next)}\n`)
    return EXIT.done
  })
}

async function approved(given: readonly string[], matter: Matter, roster: Roster): Promise<readonly string[]> {
  const statements = await Promise.all(given.map((jws) => verifyStatement(jws.trim(), roster)))
  return quorum(statements, matter)
}

/** As the history says it is now, where there is one. */
export async function rosterOf(config: Config, base: string, io: Io): Promise<Roster> {
  const { source, approval, approvers } = config.release
  if (approval === 'off') throw new RefusedError('two approvers sign for this; with approval: off nobody can')
  if (source === 'folder') return approvers
  const desk = await openDesk(config, base, io.env)
  try {
    return (await desk.state()).roster
  } finally {
    await desk.close()
  }
}
