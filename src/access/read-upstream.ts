/** `upstream:` of an interface file or entry -> where calls go, with which certificate and credential (design 3.5). */
import type { Fields } from '../base/fields.ts'
import type { Context } from '../base/vocabulary.ts'
import type { SecretRef, Upstream } from './model.ts'

export function readUpstream(fields: Fields<'upstream'>): Upstream {
  const { reading } = fields
  const insecure = fields.text('insecure', null)
  const base = readBase(fields, insecure !== null)
  const tls = fields.map('tls', 'upstream-tls')
  const credential = fields.map('credential', 'credential')
  if (tls !== null && base.startsWith('http:'))
    reading.error(
      fields.placeOf('tls'),
      'tls-unused',
      {
        zh: '上游是 http，加密设置不会生效',
        en: 'the upstream is http: these settings would have no effect',
      },
      { zh: '地址以 https:// 开头，或不写“加密”', en: 'a base that begins with https://, or no `tls:`' },
    )
  const key = tls?.map('key', 'secret') ?? null
  if (tls !== null && tls.has('cert') !== tls.has('key'))
    reading.error(
      tls.at,
      'tls-pair',
      { zh: '证书和私钥必须成对', en: 'cert and key belong together' },
      {
        zh: '证书: 路径 和 私钥: { 文件: 路径 }',
        en: 'cert: PATH and key: { file: PATH }',
      },
    )
  return {
    base,
    tls:
      tls === null
        ? null
        : {
            ca: tls.text('ca', null),
            cert: tls.text('cert', null),
            key: key === null ? null : readSecret(key.text('file', null), key.text('env', null), key),
            serverName: tls.text('server-name', null, { pattern: /^[A-Za-z0-9.-]{1,253}$/ }),
          },
    credential: credential === null ? null : readCredential(credential),
    insecure,
  }
}

function readBase(fields: Fields<'upstream'>, insecure: boolean): string {
  const { reading } = fields
  const text = fields.text('base')
  const url = URL.canParse(text) ? new URL(text) : null
  const plain = url?.protocol === 'http:'
  if (
    url === null ||
    (!plain && url.protocol !== 'https:') ||
    /[?#]/.test(text) ||
    url.username !== '' ||
    url.password !== ''
  ) {
    if (text !== '')
      reading.error(
        fields.valueAt('base'),
        'upstream-base',
        url !== null && (url.username !== '' || url.password !== '')
          ? { zh: '上游地址里有用户名或口令', en: 'the upstream address holds a user name or a password' }
          : { zh: '上游地址不合规', en: 'the upstream address is not valid' },
        {
          zh: '如 https://his.example:8443/api，不含参数；口令写在“凭据”',
          en: 'such as https://his.example:8443/api, without a query; a password goes into `credential:`',
        },
      )
    return ''
  }
  if (plain && !insecure && !isLoopback(url.hostname))
    reading.error(
      fields.valueAt('base'),
      'upstream-plain',
      { zh: '明文 http 只能到本机', en: 'plain http goes to loopback only' },
      { zh: 'https，或写明“明文理由”', en: 'https, or `insecure: <reason>`' },
    )
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)

/** Exactly one of file and env: a value written here would be in every copy of the rules. */
function readSecret(file: string | null, env: string | null, fields: Fields<Context>): SecretRef {
  if (!fields.usable) return { file: '' }
  const named = env === null || /^[A-Za-z_][A-Za-z0-9_]*$/.test(env)
  if ((file === null) === (env === null) || !named)
    fields.reading.error(
      fields.at,
      'secret-source',
      {
        zh: '密钥从不写在这里：它必须且只能来自一个文件或一个环境变量',
        en: 'a secret is never written here: it comes from exactly one place, a file or an environment variable',
      },
      { zh: '{ 文件: 路径 } 或 { 环境变量: 名称 }', en: '{ file: PATH } or { env: NAME }' },
    )
  return env === null ? { file: file ?? '' } : { env }
}

const HEADER = /^[A-Za-z][A-Za-z0-9-]{0,63}$/
/** headers the road sets or forbids itself */
const OWN_HEADERS =
  /^(?:host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|cookie|veilgate-.*|x-forwarded-.*|forwarded|proxy-.*)$/i

function readCredential(fields: Fields<'credential'>): { header: string; secret: SecretRef } {
  const header = fields.textLike('header', { pattern: HEADER, expected: { zh: '请求头名称', en: 'a header name' } })
  if (OWN_HEADERS.test(header))
    fields.reading.error(
      fields.valueAt('header'),
      'credential-header',
      {
        zh: `请求头“${header}”由网关自己管理`,
        en: `the gateway itself decides on the header "${header}"`,
      },
      { zh: 'Authorization 或上游自己的请求头', en: 'Authorization, or a header of the upstream itself' },
    )
  return { header, secret: readSecret(fields.text('file', null), fields.text('env', null), fields) }
}
