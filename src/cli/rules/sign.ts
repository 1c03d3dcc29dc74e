/** `veilgate rules sign`: puts an approval beside a rules folder (`rules.source: folder`); the folder is a draft before. */
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zoneDay } from '../../gateway/zone-day.ts'
import { diffRules } from '../../mask/proof/diff.ts'
import { bundleId } from '../../release/bundle.ts'
import { readClaims } from '../../release/claims.ts'
import { type Act, type ChangeClass, peopleFor } from '../../release/index.ts'
import { defaultLifetime } from '../../release/quorum.ts'
import { RefusedError, refusing } from '../authority/refused.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { bundleFilesOf } from '../release/bundle-files.ts'
import { gate } from '../release/gate.ts'
import { type Loaded, openFiles } from '../release/load.ts'
import { SIGNER_OPTIONS, sentenceOf, signerOf, tellingCodes } from '../release/open-desk.ts'
import { APPROVALS } from '../serve/signed-source.ts'
import { onlyOne, openFolder, printProblems } from './folder.ts'

const OPTIONS = {
  ...SIGNER_OPTIONS,
  against: { type: 'string' },
  first: { type: 'boolean', default: false },
  review: { type: 'boolean', default: false },
  rollback: { type: 'boolean', default: false },
} as const

export function signFolder(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  if ((values.against === undefined) === !values.first)
    throw new UsageError('--against DIR: the rules in force now; --first where there are none')
  if (values.review && values.rollback) throw new UsageError('one of --review and --rollback')
  const act: Act = values.review ? 'review' : values.rollback ? 'rollback' : 'release'
  return refusing('rules sign', io, () =>
    tellingCodes(async () => {
      const signer = await signerOf(values, io)
      const { folder } = await openFolder(onlyOne(positionals), io)
      const next = await gated(folder, io)
      const parent =
        values.against === undefined ? null : await gated((await openFolder(values.against, io)).folder, io)
      const change: ChangeClass = parent === null ? 'looser' : diffRules(parent.side, next.side).class
      const stated = act === 'rollback' ? 'rollback' : change
      const iat = Math.floor(Date.now() / 1000)
      const about = { subject: next.hash, files: next.id, parent: parent?.hash ?? null, class: stated }
      const times = { iat, exp: iat + defaultLifetime(act), jti: randomUUID() }
      const claims = readClaims({ v: 1, act, ...about, ...times, why: values.why })
      const name = `${next.id.slice(7, 19)}-${act}-${signer.approver.id}.jws`
      await mkdir(join(folder, APPROVALS), { recursive: true })
      await writeFile(join(folder, APPROVALS, name), `${await signer.sign(claims)}\n`)
      io.out(`${APPROVALS}/${name}\nbundle ${next.hash}\n${stated}: ${peopleFor(stated)} must sign\n`)
      return EXIT.done
    }),
  )
}

/** A folder that would pass the gate; its problems are printed when it would not. */
async function gated(folder: string, io: Io): Promise<Loaded> {
  const { files, problems } = await bundleFilesOf(folder)
  const said = await gate(files, zoneDay('Asia/Shanghai')(Date.now()))
  if (said.refused !== null) {
    printProblems([...problems, ...said.problems], io)
    throw new RefusedError(sentenceOf(said.refused))
  }
  return openFiles(bundleId(files), files)
}
