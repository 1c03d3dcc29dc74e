/** `veilgate tokens`: a development issuer beside the small authority, and a reader that says what is wrong with a token. */
import { createHash, randomUUID, webcrypto, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { importKeySet } from '../access/keys.ts'
import { type MintKey, mintToken } from '../access/mint.ts'
import { TokenJudge } from '../access/token.ts'
import { parseKeys } from '../adapters/key-source/files.ts'
import { tokenIssuer } from '../pki/consortium.ts'
import { FILES, locked, put } from './authority/folder.ts'
import { RefusedError, refusing } from './authority/refused.ts'
import { type Command, EXIT, type Io, readArgs, UsageError } from './command.ts'

const USAGE = `veilgate tokens issue --institution ID --cert FILE --role ROLE... --scope INTERFACE... [--scenario S] [--purpose P]
                      [--project P] [--user HASH] [--subject NAME] [--minutes N] [--audience NAME] [--dir DIR]
veilgate tokens inspect [--cert FILE] [--institution ID] [--audience NAME] [--issuer URL --keys FILE] [--dir DIR] [FILE]

issue signs with a development key (ES256) kept in DIR (default: certs); the gateway trusts DIR/${FILES.jwks}. The token is
bound to the certificate (RFC 8705). inspect reads a token from FILE or standard input, prints header and claims, never
the signature, and says what the gateway would object to.
`
/** issuer name of the development key; names no host */
export const DEVELOPMENT_ISSUER = 'https://issuer.veilgate.invalid'

export const command: Command = {
  name: 'tokens',
  summary: 'issue development tokens, inspect tokens',
  usage: USAGE,
  run: (args, io) =>
    refusing('tokens', io, async () => {
      const [action, ...rest] = args
      if (action === 'issue') return issue(rest, io)
      if (action === 'inspect') return inspect(rest, io)
      throw new UsageError('one of issue, inspect')
    }),
}

async function issue(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, {
    dir: { type: 'string', default: 'certs' },
    audience: { type: 'string', default: 'veilgate' },
    institution: { type: 'string' },
    cert: { type: 'string' },
    role: { type: 'string', multiple: true },
    scope: { type: 'string', multiple: true },
    scenario: { type: 'string' },
    purpose: { type: 'string' },
    project: { type: 'string' },
    user: { type: 'string' },
    subject: { type: 'string' },
    minutes: { type: 'string', default: '10' },
  })
  const { institution, cert, role, scope } = values
  if (institution === undefined || cert === undefined || role === undefined || scope === undefined)
    throw new UsageError('--institution, --cert, --role and --scope are required')
  const minutes = /^[1-9]\d?$/.test(values.minutes) ? Number(values.minutes) : 0
  if (minutes < 1 || minutes > 60) throw new UsageError('--minutes: 1 to 60')
  const optional = Object.fromEntries(
    (['scenario', 'purpose', 'project', 'user'] as const).flatMap((k) => {
      const value = values[k]
      return value === undefined ? [] : [[k, value] as const]
    }),
  )
  const token = await mintToken(await developmentKey(resolve(io.cwd, values.dir)), {
    audience: values.audience,
    subject: values.subject ?? `${institution}-system`,
    institution,
    thumbprint: await thumbprintOf(resolve(io.cwd, cert)),
    scopes: scope,
    roles: role,
    tokenId: randomUUID(),
    issuedAt: Math.floor(Date.now() / 1000),
    lifetimeSeconds: minutes * 60,
    ...optional,
  })
  io.out(`${token}\n`)
  return EXIT.done
}

/** The issuer's key, made at first use. Its public half goes to jwks.json beside it. */
async function developmentKey(folder: string): Promise<MintKey> {
  const path = join(folder, FILES.tokenKey)
  const text = await readFile(path, 'utf8').catch(() => null)
  const crypto = webcrypto as webcrypto.Crypto
  if (text === null)
    return locked(folder, async () => {
      const made = await tokenIssuer(crypto, DEVELOPMENT_ISSUER)
      const jwk = await crypto.subtle.exportKey('jwk', made.privateKey)
      await put(folder, FILES.jwks, `${JSON.stringify(made.jwks)}\n`)
      await put(folder, FILES.tokenKey, `${JSON.stringify({ ...jwk, kid: made.kid })}\n`, true)
      return made
    })
  const jwk = JSON.parse(text) as webcrypto.JsonWebKey & { readonly kid: string }
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const privateKey = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign'])
  return { privateKey, kid: jwk.kid, issuer: DEVELOPMENT_ISSUER }
}

async function inspect(args: readonly string[], io: Io): Promise<number> {
  const options = {
    dir: { type: 'string', default: 'certs' },
    audience: { type: 'string', default: 'veilgate' },
    issuer: { type: 'string', default: DEVELOPMENT_ISSUER },
    keys: { type: 'string' },
    cert: { type: 'string' },
    institution: { type: 'string' },
  } as const
  const { values, positionals } = readArgs(args, options, 'any')
  if (positionals.length > 1) throw new UsageError('tokens inspect takes one file')
  const token = (
    positionals[0] === undefined ? await readAll(io.stdin) : await readText(resolve(io.cwd, positionals[0]))
  ).trim()
  const [header, claims] = token.split('.').map(decoded)
  io.out(`${JSON.stringify({ header: header ?? null, claims: claims ?? null }, null, 2)}\n`)
  const keysFile = values.keys ?? join(values.dir, FILES.jwks)
  const jwks = parseKeys(await readText(resolve(io.cwd, keysFile)))
  if (jwks === null) throw new RefusedError('the key file holds no public keys')
  const set = await importKeySet([{ issuer: values.issuer, jwks }], webcrypto as webcrypto.Crypto)
  const bound = (claims as { cnf?: { 'x5t#S256'?: unknown }; inst?: unknown } | undefined) ?? {}
  const thumbprint =
    values.cert === undefined ? bound.cnf?.['x5t#S256'] : await thumbprintOf(resolve(io.cwd, values.cert))
  const verdict = await new TokenJudge({ audience: values.audience }, () => set).verify(token, {
    now: Date.now(),
    // what is not asked about is taken as the token says it
    thumbprint: typeof thumbprint === 'string' ? thumbprint : '',
    institution: values.institution ?? (typeof bound.inst === 'string' ? bound.inst : ''),
  })
  const accepted = typeof verdict !== 'string'
  io.out(accepted ? 'accepted\n' : `refused: ${verdict}\n`)
  return accepted ? EXIT.done : EXIT.refused
}

function decoded(part: string, index: number): unknown {
  if (index > 1) return undefined
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

async function thumbprintOf(path: string): Promise<string> {
  try {
    const certificate = new X509Certificate(await readFile(path))
    return createHash('sha256').update(certificate.raw).digest('base64url')
  } catch {
    throw new RefusedError('the certificate file cannot be read')
  }
}

const readText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch(() => {
    throw new RefusedError('a file cannot be read')
  })

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream) {
    text += chunk.toString()
    if (text.length > 65_536) throw new RefusedError('this is longer than any token')
  }
  return text
}
