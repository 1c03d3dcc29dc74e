/** interfaces/*.yaml -> directory entries (接口服务目录; domain.md 4.2). One file is one provider. */
import { type Fields, namedEntries, openMap, type Reading, sayUnknown } from '../base/fields.ts'
import type { YamlEntry, YamlNode } from '../base/yaml.ts'
import { templateNames } from './directory.ts'
import type { Entry, EntryFormat, EntryStatus, Upstream, Verb } from './model.ts'
import { type EntryBase, expandFhir } from './read-fhir.ts'
import { readObligations } from './read-obligations.ts'
import { readParameters } from './read-parameters.ts'
import { readTemplate } from './read-template.ts'
import { readUpstream } from './read-upstream.ts'

/** @param institutions ids of institutions.yaml; null: not known here, nothing is said of the provider */
export function readInterfaces(
  root: YamlNode,
  reading: Reading,
  institutions: readonly string[] | null = null,
): Entry[] {
  const file = openMap(root, 'interfaces-file', reading)
  const provider = file.text('provider')
  if (institutions !== null && provider !== '' && !institutions.includes(provider)) {
    const [message, { zh, en }] = sayUnknown({ zh: '提供方', en: 'provider' }, provider, institutions)
    reading.error(file.valueAt('provider'), 'unknown-provider', message, {
      zh: `${zh}（institutions.yaml 中登记的机构）`,
      en: `${en} (the institutions of institutions.yaml)`,
    })
  }
  const upstream = file.map('upstream', 'upstream')
  const common = upstream === null ? null : readUpstream(upstream)
  return namedEntries(file.need('entries'), reading).flatMap((entry) => readEntry(entry, provider, common, reading))
}

const STATUSES = ['draft', 'testing', 'published', 'deprecated', 'suspended', 'retired'] as const
const FORMATS = ['json', 'fhir', 'ndjson', 'hl7v2'] as const
const VERBS = ['query', 'create', 'update', 'delete', 'export'] as const
const CALL = /^(GET|POST|PUT|PATCH|DELETE) (\/\S*)$/
const TIMEOUT = { key: 5_000, normal: 30_000 } as const
const MAX_TIMEOUT = 600_000
const DEFAULT_BODY = 8 * 1024 * 1024
const MAX_BODY = 256 * 1024 * 1024

function readEntry(entry: YamlEntry, provider: string, common: Upstream | null, reading: Reading): Entry[] {
  const fields = openMap(entry.value, 'entry', reading)
  const base = readBase(entry, fields, provider, common)
  if (fields.has('fhir')) return expandFhir(fields, base)
  const call = fields.textLike('call', {
    pattern: CALL,
    expected: {
      zh: '方法和路径，如 GET /teaching/inpatients/{no}',
      en: 'method and path such as GET /teaching/inpatients/{no}',
    },
  })
  const m = CALL.exec(call)
  const method = m?.[1] ?? 'GET'
  const path = m === null ? undefined : readTemplate(m[2]!, fields.valueAt('call'), reading)
  const verb = readVerb(fields, method)
  const query = readParameters(fields)
  return [
    {
      ...base,
      method,
      path: path ?? '/',
      to: path === undefined ? '/' : readTo(fields, path),
      format: base.masking === 'none' ? fields.oneOf('format', null, FORMATS, 'json') : readFormat(fields),
      verb,
      query,
      request: readObligations(fields, { method, verb, query, approval: base.approval ?? null }),
    },
  ]
}

function readBase(entry: YamlEntry, fields: Fields<'entry'>, provider: string, common: Upstream | null): EntryBase {
  const { reading } = fields
  const own = fields.map('upstream', 'upstream')
  const upstream = own === null ? common : readUpstream(own)
  if (upstream === null)
    reading.error(
      fields.at,
      'missing-upstream',
      {
        zh: `条目“${entry.key}”没有上游，文件开头也没有`,
        en: `"${entry.key}" has no upstream and the file has none either`,
      },
      {
        zh: '文件开头的一行，如 上游: { 地址: "https://his.example:8443" }',
        en: 'a line at the top of the file, such as upstream: { base: "https://his.example:8443" }',
      },
    )
  const slo = fields.oneOf('class', 'class', ['key', 'normal'] as const, 'normal' as const)
  const timeoutMs = fields.duration('timeout', TIMEOUT[slo], {
    min: 100,
    max: MAX_TIMEOUT,
    told: { zh: '，从 100ms 到 10m', en: ', from 100ms to 10m' },
  })
  return {
    id: entry.key,
    zh: fields.text('zh'),
    version: fields.integer('version', { min: 1, max: 9999 }, 1),
    status: fields.oneOf<EntryStatus>('status', 'entry-status', STATUSES),
    provider,
    upstream: upstream ?? { base: '', tls: null, credential: null, insecure: null },
    roles: fields.texts('roles'),
    scenarios: fields.texts('scenarios', null),
    scope: fields.text('scope', entry.key, { pattern: /^[\x21-\x7e]{1,128}$/ }),
    ...readExceptions(fields),
    maskedInput: fields.text('masked-input', null),
    body: readBody(fields),
    charset: fields.oneOf('charset', null, ['utf-8', 'gbk', 'gb18030'] as const, null),
    rows: fields.text('rows', null, {
      pattern: /^\$(?:\.[\p{L}_][\p{L}\p{N}_-]*|\['[^'\]]+'\]|\[\*\])*$/u,
      expected: { zh: '行路径，如 $.data.list', en: 'a path such as $.data.list' },
    }),
    slo,
    timeoutMs,
    audit: fields.oneOf('audit', 'audit', ['write-ahead', 'normal'] as const, 'normal' as const),
    hl7Status: fields.map('hl7', 'entry-hl7')?.oneOf('status', 'hl7-status', ['code', 'ok'] as const) ?? 'code',
    at: entry.at,
  }
}

const readFormat = (fields: Fields<'entry'>): EntryFormat => fields.oneOf<EntryFormat>('format', null, FORMATS)

const BY_METHOD: Readonly<Record<string, Verb>> = {
  GET: 'query',
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
}

/** PUT and PATCH update, GET does not write: a verb that says otherwise would lift the rules bound to it. */
function readVerb(fields: Fields<'entry'>, method: string): Verb {
  const usual = BY_METHOD[method]!
  const verb = fields.oneOf<Verb, Verb>('verb', 'verb', VERBS, usual)
  const admitted: readonly Verb[] = method === 'POST' ? VERBS : method === 'GET' ? ['query', 'export'] : [usual]
  if (!admitted.includes(verb))
    fields.reading.error(
      fields.valueAt('verb'),
      'verb-method',
      { zh: `${method} 不能是“${verb}”`, en: `${method} cannot be "${verb}"` },
      { zh: admitted.join('、'), en: admitted.join(', ') },
    )
  return verb
}

function readTo(fields: Fields<'entry'>, path: string): string {
  const text = fields.text('to', null)
  if (text === null) return path
  const to = readTemplate(text, fields.valueAt('to'), fields.reading) ?? '/'
  const [have, want] = [templateNames(to), templateNames(path)]
  if (to !== '/' && (have.length !== want.length || !want.every((n) => have.includes(n))))
    fields.reading.error(
      fields.valueAt('to'),
      'path-parameters',
      {
        zh: `“转往”的参数（${braced(have) || '无'}）与“调用”的（${braced(want) || '无'}）不一致`,
        en: `"to" has the parameters ${braced(have) || 'none'}, "call" has ${braced(want) || 'none'}`,
      },
      { zh: `“转往”里写 ${braced(want) || '不带参数的路径'}`, en: `${braced(want) || 'no parameters'} in "to"` },
    )
  return to
}

const braced = (names: readonly string[]): string => names.map((n) => `{${n}}`).join(' ')

function readBody(fields: Fields<'entry'>): Entry['body'] {
  const body = fields.map('body', 'entry-body')
  if (body === null) return { mode: 'full', max: DEFAULT_BODY }
  if (body.oneOf('mode', 'body-mode', ['full', 'stream'] as const, 'full' as const) === 'stream')
    fields.reading.error(
      body.valueAt('mode'),
      'later-release',
      { zh: '本版本不支持流式报文', en: 'streamed bodies are not part of this release' },
      { zh: '整体', en: 'full' },
    )
  const max = body.size('max', DEFAULT_BODY, {
    min: 1024,
    max: MAX_BODY,
    told: { zh: '，从 1KiB 到 256MiB', en: ', from 1KiB to 256MiB' },
  })
  return { mode: 'full', max }
}

type Exceptions = Pick<Entry, 'masking' | 'mode' | 'mediaTypes' | 'approval' | 'expires'>

/** Not masking is an exception: it names its approval and its last day, and unmasked media are listed. */
function readExceptions(fields: Fields<'entry'>): Exceptions {
  const { reading } = fields
  const masking = fields.oneOf('masking', 'masking', ['full', 'none'] as const, 'full' as const)
  const mode = fields.oneOf('mode', 'entry-mode', ['enforce', 'observe'] as const, 'enforce' as const)
  const mediaTypes = fields.texts('media-types', [], {
    pattern: /^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/,
    expected: { zh: '媒体类型，如 image/jpeg', en: 'a media type such as image/jpeg' },
  })
  const approvals = fields.texts('approval', null)
  const approval = approvals === null ? null : approvals.join('、')
  const expires = fields.date('expires', null)
  const key = masking === 'none' ? 'masking' : 'mode'
  if (masking === 'none' || mode === 'observe') {
    if (approval === null || expires === null)
      reading.error(
        fields.placeOf(key),
        'exception-approval',
        {
          zh: '不脱敏是例外，必须写明批准和到期',
          en: 'not masking is an exception: it needs an approval and an expiry',
        },
        {
          zh: '两行，如 批准: [12号, 13号] 和 到期: 2027-03-31',
          en: 'two lines, such as approval: [12号, 13号] and expires: 2027-03-31',
        },
      )
    else if (approvals!.length < 2)
      reading.warn(
        fields.placeOf('approval'),
        'one-approval',
        { zh: '不脱敏须有两人批准，这里只有一项', en: 'not masking takes two approvals, here is one' },
        { zh: '批准: [文号, 文号]', en: 'approval: [TEXT, TEXT]' },
      )
    reading.warn(fields.placeOf(key), 'uncontrolled', {
      zh: '该接口不受脱敏管控，会在每份报告中标红',
      en: 'this interface is not controlled by masking and is red in every report',
    })
  }
  if (masking === 'none' && mediaTypes.length === 0)
    reading.error(
      fields.placeOf('masking'),
      'exception-media-types',
      {
        zh: '不脱敏的接口必须列出媒体类型',
        en: 'an unmasked interface must list its media types',
      },
      { zh: '媒体类型: [image/jpeg, application/dicom]', en: 'media-types: [image/jpeg, application/dicom]' },
    )
  return { masking, mode, mediaTypes, approval, expires }
}
