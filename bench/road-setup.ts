/** One gateway deployment for the road benchmark: certificates, rules, directory and veilgate.yaml in a temp folder. */
import { randomBytes, webcrypto } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { mintToken } from '../src/access/mint.ts'
import { createRing, seal } from '../src/base/keyring.ts'
import { mintConsortium } from '../src/pki/consortium.ts'
import { benchRules } from './mask-rules.ts'

export interface RoadSetup {
  readonly folder: string
  readonly config: string
  readonly port: number
  readonly paths: {
    readonly ca: string
    readonly cert: string
    readonly key: string
    readonly clientCert: string
    readonly clientKey: string
  }
  readonly token: string
  /** public path of a body size */
  path(size: '2k' | '20k'): string
  remove(): void
}

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

export async function setUpRoad(upstreamPort: number): Promise<RoadSetup> {
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-bench-'))
  const write = (name: string, text: string): string => {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }
  const consortium = await mintConsortium(
    { crypto: webcrypto as webcrypto.Crypto, now: new Date() },
    { name: 'Veilgate bench', institutions: ['caller'] },
  )
  const caller = consortium.clients.get('caller')!
  const [root, issuing] = await consortium.crls()
  const paths = {
    ca: write('ca.pem', consortium.ca),
    cert: write('server.pem', consortium.server.chain),
    key: write('server.key', consortium.server.privateKey),
    clientCert: write('caller.pem', caller.chain),
    clientKey: write('caller.key', caller.privateKey),
  }
  write('root.crl.pem', root)
  write('issuing.crl.pem', issuing)
  write('jwks.json', JSON.stringify(consortium.issuer.jwks))
  const secret = randomBytes(32).toString('base64url')
  write('keyring.secret', secret)
  write(
    'keyring.json',
    seal(createRing(randomBytes(32), new Date().toISOString()), Buffer.from(secret), { random: randomBytes(28) }),
  )
  for (const { path, text } of benchRules('fhir')) write(`rules/${path}`, text)
  write('rules/institutions.yaml', institutionsYaml(caller.sha256))
  write('rules/interfaces/provider.yaml', interfacesYaml(upstreamPort))
  const [port, operations] = [await freePort(), await freePort()]
  const config = write('veilgate.yaml', configYaml(port, operations, consortium.issuer.issuer))
  const token = await mintToken(consortium.issuer, {
    audience: 'veilgate',
    subject: 'bench',
    institution: 'caller',
    thumbprint: caller.thumbprint,
    scopes: ['bench.2k', 'bench.20k'],
    roles: ['bench'],
    scenario: 'treatment',
    tokenId: 'bench-1',
    issuedAt: Math.floor(Date.now() / 1000),
    lifetimeSeconds: 3500,
  })
  return {
    folder,
    config,
    port,
    paths,
    token,
    path: (size) => `/provider/fhir/${size}`,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const institutionsYaml = (sha256: string): string => `institutions:
  caller:
    zh: 调用方
    certificates: [{ sha256: ${sha256} }]
    cidrs: [127.0.0.0/8]
  provider:
    zh: 提供方
    certificates: []
    cidrs: [127.0.0.0/8]
`

const interfacesYaml = (port: number): string => `provider: provider
upstream: { base: "http://127.0.0.1:${port}" }
entries:
${['2k', '20k']
  .map(
    (size) => `  bench.${size}:
    zh: 基准${size}
    status: published
    call: GET /provider/fhir/${size}
    to: /fhir/${size}
    format: fhir
    roles: [bench]
`,
  )
  .join('')}`

const configYaml = (port: number, operations: number, issuer: string): string => `node: bench
state: state
rules: { approval: off }
keyring: { file: keyring.json, secret: { file: keyring.secret } }
data:
  port: ${port}
  address: 127.0.0.1
  cert: server.pem
  key: { file: server.key }
  client-ca: ca.pem
  crls: [root.crl.pem, issuing.crl.pem]
tokens:
  audience: veilgate
  issuers: [{ issuer: "${issuer}", keys: jwks.json }]
operations: { port: ${operations}, address: 127.0.0.1 }
log: { file: veilgate.log }
shutdown: { announce: 0s, finish: 5s }
`
