/**
 * Everything `serve` needs, written into the workspace: certificates, revocation lists, keys, keyring, rules and
 * veilgate.yaml. What an operator does once with `veilgate certs`, `keys` and an editor.
 */
import { randomBytes } from 'node:crypto'
import { createRing, seal } from '../../base/keyring.ts'
import type { Consortium } from '../../pki/consortium.ts'
import { AUDIENCE, LOST } from './cast.ts'
import { directoryFiles } from './directory.ts'
import type { Systems } from './systems.ts'
import type { Workspace } from './workspace.ts'

export interface Ports {
  readonly data: number
  readonly operations: number
  readonly control: number
}

export interface Deployment {
  /** path of veilgate.yaml */
  readonly config: string
  /** bearer of the API */
  readonly secret: string
}

export interface DeploymentRequest {
  readonly workspace: Workspace
  readonly consortium: Consortium
  readonly systems: Systems
  readonly ports: Ports
  /** HOST:PORT of a broker, or null */
  readonly kafka: string | null
  readonly now: Date
}

export async function writeDeployment(request: DeploymentRequest): Promise<Deployment> {
  const { workspace, consortium, systems, ports, kafka, now } = request
  const secret = randomBytes(32).toString('base64url')
  await writeCertificates(workspace, consortium)
  writeKeyring(workspace, now)
  workspace.write('control.secret', secret)
  workspace.copyRules()
  const sha256 = (id: string) => consortium.clients.get(id)?.sha256 ?? ''
  const certificates = {
    teaching: [sha256('teaching')],
    county: [sha256('county'), sha256(LOST)],
    research: [sha256('research')],
  }
  for (const [path, text] of directoryFiles({ systems, certificates })) workspace.write(`rules/${path}`, text)
  return { config: workspace.write('veilgate.yaml', configText(consortium, ports, kafka)), secret }
}

async function writeCertificates(workspace: Workspace, consortium: Consortium): Promise<void> {
  const { ca, server, clients, issuer } = consortium
  const [root, issuing] = await consortium.crls({ revoked: [LOST] })
  workspace.write('ca.pem', ca)
  workspace.write('root.crl.pem', root)
  workspace.write('issuing.crl.pem', issuing)
  workspace.write('server.pem', server.chain)
  workspace.write('server.key', server.privateKey)
  workspace.write('issuer.jwks.json', JSON.stringify(issuer.jwks))
  for (const [id, member] of clients) {
    workspace.write(`${id}.pem`, member.chain)
    workspace.write(`${id}.key`, member.privateKey)
  }
}

function writeKeyring(workspace: Workspace, now: Date): void {
  const secret = randomBytes(32).toString('base64url')
  const ring = createRing(randomBytes(32), now.toISOString())
  workspace.write('keyring.secret', secret)
  workspace.write('keyring.json', seal(ring, Buffer.from(secret, 'utf8'), { random: randomBytes(28) }))
}

const configText = (consortium: Consortium, ports: Ports, kafka: string | null): string => `node: demo
state: state
rules: { folder: rules, approval: off }
keyring: { file: keyring.json, secret: { file: keyring.secret } }
data:
  port: ${ports.data}
  cert: server.pem
  key: { file: server.key }
  client-ca: ca.pem
  crls: [root.crl.pem, issuing.crl.pem]
tokens:
  audience: "${AUDIENCE}"
  issuers: [{ issuer: "${consortium.issuer.issuer}", keys: issuer.jwks.json }]
operations: { port: ${ports.operations} }
control: { port: ${ports.control}, secret: { file: control.secret } }
log: { file: veilgate.log }
${kafka === null ? '' : `kafka: { brokers: ["${kafka}"] }\n`}shutdown: { announce: 0s, finish: 5s }
`
