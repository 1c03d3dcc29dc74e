/** The shape of veilgate.yaml: keys, kinds and limits, each with what to write in its place. */
import { parseSize } from './base/scalars.ts'
import { compileSchema, type JsonSchema } from './base/schema.ts'

/** Every limit with its default as it would be written. */
export const LIMITS = {
  handshake: '10s',
  headers: '15s',
  'header-size': '16KiB',
  request: '5m',
  idle: '75s',
  connections: 10_000,
  'connections-per-certificate': 200,
  tickets: '5m',
  buffered: '256MiB',
  wait: '5s',
  depth: 128,
  ratio: 200,
  'upstream-connections': 128,
} as const
export type LimitName = keyof typeof LIMITS

const text = { type: 'string', minLength: 1, maxLength: 512 } as const
const file = { ...text, description: 'a path such as certs/server.crt.pem' } as const
const folder = { ...text, description: 'a folder such as rules' } as const
const duration = {
  type: 'string',
  pattern: '^\\d{1,12}\\s*(ms|s|m|h|d)$',
  description: 'a number and its unit ms, s, m, h or d such as 10s, 5m, 1h',
} as const
const size = {
  type: 'string',
  pattern: '^\\d{1,15}\\s*(B|KiB|MiB|GiB)$',
  description: 'a number and its unit B, KiB, MiB or GiB such as 16KiB, 8MiB',
} as const
const port = { type: 'integer', minimum: 0, maximum: 65_535 } as const
const secret = {
  description: 'exactly one of { file: PATH } and { env: NAME }, never the secret itself',
  oneOf: [
    object({ file }, ['file']),
    object(
      {
        env: {
          type: 'string',
          pattern: '^[A-Z][A-Z0-9_]*$',
          description: 'the name of an environment variable such as VEILGATE_KEYRING_SECRET',
        },
      },
      ['env'],
    ),
  ],
} as const

function object(properties: Record<string, unknown>, required: readonly string[] = []): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false }
}
const list = (items: unknown, minItems = 0): JsonSchema => ({ type: 'array', items, minItems, maxItems: 256 })

const SCHEMA: JsonSchema = object(
  {
    node: {
      type: 'string',
      pattern: '^[a-z0-9][a-z0-9.-]{0,63}$',
      description: 'lower-case letters, digits, dots and hyphens such as gateway-1',
    },
    zone: { ...text, description: 'a name such as Asia/Shanghai' },
    state: folder,
    rules: {
      oneOf: [
        folder,
        object({
          folder,
          source: { enum: ['folder', 'store'] },
          approval: { enum: ['required', 'off'] },
          approvers: { ...list(object({ id: text, x: text, y: text }, ['id', 'x', 'y']), 2), maxItems: 2 },
          store: {
            description: '{ sqlite: FILE } or { redis: { host: HOST, ... } }',
            oneOf: [
              object({ sqlite: file }, ['sqlite']),
              object(
                {
                  redis: object(
                    {
                      host: text,
                      port,
                      username: text,
                      password: secret,
                      ca: file,
                      prefix: {
                        type: 'string',
                        pattern: '^[a-z0-9][a-z0-9-]{0,31}$',
                        description: 'lower-case letters, digits and hyphens such as rules',
                      },
                    },
                    ['host'],
                  ),
                },
                ['redis'],
              ),
            ],
          },
        }),
      ],
    },
    keyring: object({ file, secret }, ['file', 'secret']),
    data: object(
      {
        port,
        address: text,
        cert: file,
        key: secret,
        'client-ca': file,
        crls: list(file),
        'crl-grace': duration,
        'public-base': {
          type: 'string',
          pattern: '^https://[^?#]+$',
          description: 'an address without query such as https://gateway.example.org:8443',
        },
        hosts: list({
          type: 'string',
          pattern: '^[0-9A-Za-z.:-]+$',
          description: 'a name or an address without port such as gateway.example.org, 10.1.2.3 or 2001:db8::1',
        }),
      },
      ['cert', 'key', 'client-ca', 'crls'],
    ),
    limits: object(
      Object.fromEntries(
        Object.entries(LIMITS).map(([name, value]) => [
          name,
          typeof value === 'number'
            ? { type: 'integer', minimum: 1, maximum: 1_000_000 }
            : parseSize(value) !== null
              ? size
              : duration,
        ]),
      ),
    ),
    tokens: object(
      {
        audience: text,
        issuers: list(object({ issuer: text, keys: text }, ['issuer', 'keys']), 1),
        tolerance: duration,
        lifetime: duration,
        cache: { type: 'integer', minimum: 1, maximum: 1_000_000 },
      },
      ['audience', 'issuers'],
    ),
    operations: object({ port, address: text }),
    control: object({ port, address: text, cert: file, key: secret, secret }),
    journal: object({ 'max-size': size, 'max-age': duration }),
    'call-log': object({ keep: duration }),
    kafka: object(
      {
        brokers: list(
          {
            type: 'string',
            pattern: '^[^\\s:]+:\\d{1,5}$|^\\[[0-9a-fA-F:]+\\]:\\d{1,5}$',
            description: 'host and port such as kafka-1.example.org:9093',
          },
          1,
        ),
        'client-id': text,
        tls: object({ ca: file, cert: file, key: secret }, ['ca']),
      },
      ['brokers'],
    ),
    log: object({
      file: text,
      'max-size': size,
      'max-files': { type: 'integer', minimum: 1, maximum: 1000 },
      level: { enum: ['info', 'warn', 'error'] },
    }),
    shutdown: object({ announce: duration, finish: duration }),
  },
  ['node', 'keyring', 'data', 'tokens'],
)
export const checkConfig = compileSchema(SCHEMA)
