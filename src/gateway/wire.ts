/** How an entry reaches its upstream, settled at load: target, path template, fixed header fields. */
import type { Entry, SecretRef } from '../access/model.ts'
import { encodeSegment } from '../access/path.ts'
import { writeQuery } from '../access/query.ts'
import { GatewayError } from '../base/errors.ts'
import type { UpstreamTarget } from '../ports/upstream.ts'

export interface Wire {
  /** name of the target; entries with the same origin and TLS material share it and its connections */
  readonly target: string
  readonly host: string
  /** literal text, then alternating parameter name and literal text */
  readonly template: readonly string[]
  readonly accept: string
  readonly credential: { readonly header: string; readonly value: string } | null
  /** media types an answer may have, error answers included */
  readonly answers: ReadonlySet<string>
  /** media types a request may have */
  readonly requests: ReadonlySet<string>
}

/** Reads what configuration only names. Throws with a message that names the file or variable, never its content. */
export interface SecretReader {
  secret(ref: SecretRef): Promise<string>
  file(path: string): Promise<string>
}

export interface Wires {
  readonly byEntry: ReadonlyMap<string, Wire>
  readonly targets: ReadonlyMap<string, UpstreamTarget>
}

/** A secret that cannot be read is reported for its entry; the other entries keep working. */
export async function buildWires(
  entries: Iterable<Entry>,
  read: SecretReader,
  unreadable: (entry: Entry, reason: string) => void,
): Promise<Wires> {
  const byEntry = new Map<string, Wire>()
  const targets = new Map<string, UpstreamTarget>()
  for (const entry of entries) {
    try {
      const { target, name } = await targetOf(entry, read)
      byEntry.set(entry.id, await wireOf(entry, name, read))
      targets.set(name, target)
    } catch (error) {
      unreadable(entry, error instanceof Error ? error.message : 'unreadable')
    }
  }
  return { byEntry, targets }
}

async function targetOf(
  entry: Entry,
  read: SecretReader,
): Promise<{ readonly name: string; readonly target: UpstreamTarget }> {
  const { base, tls } = entry.upstream
  const { origin } = new URL(base)
  // names hold places of secrets, never secrets
  const name = JSON.stringify([origin, tls])
  if (tls === null) return { name, target: { origin, tls: null } }
  return {
    name,
    target: {
      origin,
      tls: {
        ca: tls.ca === null ? null : await read.file(tls.ca),
        cert: tls.cert === null ? null : await read.file(tls.cert),
        key: tls.key === null ? null : await read.secret(tls.key),
        serverName: tls.serverName,
      },
    },
  }
}

/** The JSON family answers errors in its own types (RFC 9457, FHIR); they are masked as the entry's format. */
const ERROR_TYPES: Readonly<Record<Entry['format'], readonly string[]>> = {
  json: ['application/json', 'application/problem+json'],
  fhir: ['application/fhir+json', 'application/json', 'application/problem+json'],
  ndjson: [],
  hl7v2: [],
}

/** Media types of an entry that names none. */
const USUAL_TYPES: Readonly<Record<Entry['format'], readonly string[]>> = {
  json: ['application/json'],
  fhir: ['application/fhir+json', 'application/json'],
  ndjson: ['application/x-ndjson', 'application/ndjson'],
  hl7v2: ['application/hl7-v2', 'x-application/hl7-v2+er7'],
}

async function wireOf(entry: Entry, target: string, read: SecretReader): Promise<Wire> {
  const { base, credential } = entry.upstream
  const url = new URL(base)
  const types = entry.mediaTypes.length > 0 ? entry.mediaTypes : USUAL_TYPES[entry.format]
  const prefix = url.pathname === '/' ? '' : url.pathname.replace(/\/$/, '')
  return {
    target,
    host: url.host,
    template: (prefix + entry.to).split(/\{([^}]+)\}/),
    accept: types.join(', '),
    credential:
      credential === null
        ? null
        : { header: credential.header.toLowerCase(), value: await read.secret(credential.secret) },
    answers: new Set(entry.masking === 'none' ? types : [...types, ...ERROR_TYPES[entry.format]]),
    requests: new Set(types),
  }
}

/** The canonical path and declared query that go on the wire. */
export function upstreamPath(
  wire: Wire,
  params: Readonly<Record<string, string>>,
  query: ReadonlyMap<string, string>,
): string {
  const { template } = wire
  let path = template[0]!
  for (let i = 1; i < template.length; i += 2) {
    const value = params[template[i]!]
    if (value === undefined) throw new GatewayError('INTERNAL')
    path += encodeSegment(value) + template[i + 1]!
  }
  return query.size === 0 ? path : `${path}?${writeQuery(query)}`
}
