/**
 * The closed union of refusal codes: what each means on the wire and in the record.
 * `publicCode` is what the caller sees (no oracle); the record always keeps the exact code.
 * Sources: RFC 9110 (status), RFC 6750 (401), FHIR R4 issue-type, HL7 v2 table 0008.
 */
export interface CodeRow {
  /** HTTP status of the public answer */
  readonly status: number
  /** code shown to the caller; differs from the exact code only where the difference would tell something */
  readonly publicCode?: string
  /** may the same call succeed later without being changed? */
  readonly retryable: boolean
  /** FHIR R4 OperationOutcome.issue.code */
  readonly fhir: string
  readonly zh: string
  readonly en: string
}

const row = (status: number, fhir: string, retryable: boolean, zh: string, en: string, publicCode?: string): CodeRow =>
  publicCode === undefined ? { status, fhir, retryable, zh, en } : { status, fhir, retryable, zh, en, publicCode }

const token = (zh: string, en: string) => row(401, 'login', false, zh, en, 'TOKEN_INVALID')

export const CODES = {
  // the connection itself: same for every path
  CERT_NOT_REGISTERED: row(
    403,
    'security',
    false,
    '证书未登记到任何机构',
    'The client certificate is not registered to an institution; ask the operator to register its SHA-256 fingerprint.',
  ),
  CERT_REVOKED: row(403, 'security', false, '证书已吊销', 'The client certificate is revoked; request a new one.'),
  CERT_EXPIRED: row(
    403,
    'expired',
    false,
    '证书已过期',
    'The client certificate is outside its validity period; renew it.',
  ),
  CRL_UNAVAILABLE: row(
    403,
    'security',
    true,
    '吊销列表不可用',
    'No current revocation list of the issuing authority is available; the operator must publish one.',
  ),
  INSTITUTION_SUSPENDED: row(
    403,
    'security',
    false,
    '机构已停用',
    'The institution is suspended; contact the operator.',
  ),
  CONTRACT_EXPIRED: row(
    403,
    'expired',
    false,
    '合作协议已到期',
    'The contract of the institution has ended; contact the operator.',
  ),
  IP_NOT_ALLOWED: row(
    403,
    'security',
    false,
    '来源地址不在机构网段内',
    'The source address is outside the registered networks of the institution.',
  ),
  MALFORMED_REQUEST: row(
    400,
    'invalid',
    false,
    '请求格式错误',
    'The request is not well-formed HTTP; correct it and send it again.',
  ),
  AMBIGUOUS_FRAMING: row(
    400,
    'invalid',
    false,
    '报文边界有歧义',
    'The message framing is ambiguous; send exactly one Content-Length or chunked coding.',
  ),
  BAD_PATH_ENCODING: row(
    400,
    'invalid',
    false,
    '路径编码有歧义',
    'The request path is not in canonical form; send it without dot segments, double encoding or reserved escapes.',
  ),
  BAD_HOST: row(
    400,
    'invalid',
    false,
    '主机名错误',
    'The Host header is missing or does not name this gateway; call it by a name of its certificate.',
  ),
  UPGRADE_REFUSED: row(
    400,
    'not-supported',
    false,
    '不支持协议升级',
    'Protocol upgrades and CONNECT are not offered; use HTTP/1.1.',
  ),
  EXPECTATION_FAILED: row(417, 'not-supported', false, '不支持的 Expect', 'Only Expect: 100-continue is understood.'),
  REQUEST_TIMEOUT: row(408, 'timeout', true, '请求超时', 'The request did not arrive in time; send it again.'),
  URI_TOO_LONG: row(414, 'too-long', false, '请求地址过长', 'The request target is too long.'),
  HEADERS_TOO_LARGE: row(431, 'too-long', false, '请求头过大', 'The header section is too large.'),
  OVERLOADED: row(
    503,
    'throttled',
    true,
    '网关繁忙',
    'The gateway has no room for this call now; retry after the given delay.',
  ),
  // token: one public code, many exact ones
  TOKEN_MISSING: row(
    401,
    'login',
    false,
    '缺少访问令牌',
    'No bearer token was sent; put one in the Authorization header.',
  ),
  TOKEN_INVALID: token(
    '访问令牌无效',
    'The access token was not accepted; obtain a new one for this gateway and certificate.',
  ),
  TOKEN_MALFORMED: token('令牌格式错误', 'The token is not a compact JWS of acceptable size.'),
  TOKEN_ALG_REJECTED: token('令牌算法不被接受', 'The token algorithm is not in the allow-list.'),
  TOKEN_SIGNATURE_INVALID: token('令牌签名无效', 'The token signature does not verify with a configured key.'),
  TOKEN_EXPIRED: token('令牌已过期', 'The token has expired.'),
  TOKEN_NOT_YET_VALID: token('令牌尚未生效', 'The token is not valid yet.'),
  TOKEN_ISSUER: token('令牌签发者不符', 'The token issuer is not configured.'),
  TOKEN_AUDIENCE: token('令牌受众不符', 'The token was issued for another audience.'),
  TOKEN_REVOKED: token('令牌已撤销', 'The token was revoked.'),
  TOKEN_REPLAYED: token('令牌重复使用', 'The one-time token was used before.'),
  TOKEN_CLAIMS: token('令牌缺少必要声明', 'A required claim is missing or of the wrong type.'),
  TOKEN_CERT_MISMATCH: token('令牌与证书不匹配', 'The token is bound to another client certificate (RFC 8705).'),
  TOKEN_INSTITUTION_MISMATCH: token(
    '令牌机构与证书机构不符',
    'The token names another institution than the certificate.',
  ),
  // permission
  TOKEN_PERMISSION: row(
    403,
    'forbidden',
    false,
    '令牌无此接口权限',
    'The token does not permit this interface; request the scope from the provider.',
  ),
  ROLE_DENIED: row(
    403,
    'forbidden',
    false,
    '角色无权访问或未指明角色',
    'The role has no masking policy or is not admitted here; name one role of the token in veilgate-role.',
  ),
  SCENARIO_DENIED: row(
    403,
    'forbidden',
    false,
    '场景不被允许',
    'The scenario is not admitted for this institution and interface.',
  ),
  LEVEL5_FORBIDDEN: row(
    403,
    'suppressed',
    false,
    '控制级数据不可访问',
    'The record is at control level and not released to this role.',
  ),
  INTERFACE_NOT_FOUND: row(
    404,
    'not-found',
    false,
    '接口不存在',
    'No published interface has this path; see the interface directory.',
  ),
  METHOD_NOT_ALLOWED: row(405, 'not-supported', false, '方法不被允许', 'The interface does not offer this method.'),
  INTERFACE_RETIRED: row(
    410,
    'not-found',
    false,
    '接口已下线',
    'The interface is retired; see the interface directory for its successor.',
  ),
  INTERFACE_SUSPENDED: row(
    503,
    'transient',
    true,
    '接口已暂停',
    'The interface is suspended; try later or ask its owner.',
  ),
  // request
  DUPLICATE_PARAMETER: row(400, 'invalid', false, '参数重复', 'A query parameter occurs more than once; send it once.'),
  PARAMETER_SCHEMA: row(
    400,
    'invalid',
    false,
    '参数不符合登记',
    'A query parameter is not declared for this interface or has a wrong value.',
  ),
  UNSUPPORTED_MEDIA_TYPE: row(
    415,
    'not-supported',
    false,
    '媒体类型不支持',
    'The content type is not the one declared for this interface.',
  ),
  UNSUPPORTED_CHARSET: row(
    415,
    'not-supported',
    false,
    '字符集不支持',
    'The character set is not supported for this interface.',
  ),
  UNSUPPORTED_ENCODING: row(
    415,
    'not-supported',
    false,
    '内容编码不支持',
    'The content coding is not supported; send identity, gzip, deflate, br or zstd.',
  ),
  NOT_ACCEPTABLE: row(
    406,
    'not-supported',
    false,
    '无法提供所需格式',
    'The interface cannot answer in the requested format.',
  ),
  BODY_TOO_LARGE: row(413, 'too-long', false, '请求体过大', 'The body exceeds the limit of this interface.'),
  DECOMPRESSED_TOO_LARGE: row(
    413,
    'too-long',
    false,
    '解压后过大',
    'The decoded body exceeds the limit of this interface.',
  ),
  PAYLOAD_INVALID: row(422, 'structure', false, '载荷不合规', 'The payload is not valid for its format.'),
  PAYLOAD_UNPARSEABLE: row(422, 'structure', false, '载荷无法解析', 'The payload cannot be parsed.'),
  PAYLOAD_TOO_DEEP: row(422, 'too-costly', false, '载荷嵌套过深', 'The payload is nested too deeply.'),
  MASKED_VALUE_WRITTEN: row(
    422,
    'business-rule',
    false,
    '写入了脱敏后的值',
    'The body carries a masked value; write only original values.',
  ),
  IDEMPOTENCY_CONFLICT: row(409, 'conflict', false, '幂等键冲突', 'The idempotency key was used with another body.'),
  // masking
  MASK_FAILED: row(502, 'exception', true, '脱敏失败，内容已扣留', 'Masking failed; nothing was released.'),
  MASK_FAILED_REQUEST: row(
    500,
    'exception',
    true,
    '请求脱敏失败，未转发',
    'Masking of the request failed; nothing was forwarded.',
    'MASK_FAILED',
  ),
  MASK_VERIFY_FAILED: row(
    502,
    'suppressed',
    false,
    '脱敏复核未通过',
    'The masked content did not pass verification; nothing was released.',
  ),
  // upstream
  UPSTREAM_DOWN: row(503, 'transient', true, '上游不可达', 'The provider system cannot be reached; try later.'),
  UPSTREAM_TIMEOUT: row(504, 'timeout', true, '上游超时', 'The provider system did not answer in time.'),
  UPSTREAM_TLS: row(
    502,
    'security',
    false,
    '上游证书或 TLS 错误',
    'The secure connection to the provider system failed.',
  ),
  UPSTREAM_INVALID: row(
    502,
    'structure',
    true,
    '上游应答不完整或无效',
    'The answer of the provider system is incomplete or not valid HTTP.',
  ),
  UPSTREAM_TOO_LARGE: row(
    502,
    'too-costly',
    false,
    '上游应答过大',
    'The answer of the provider system exceeds the limit of this interface.',
  ),
  UPSTREAM_UNMASKABLE: row(
    502,
    'suppressed',
    false,
    '上游内容无法脱敏，已扣留',
    'The answer cannot be read in the declared format and was withheld.',
  ),
  RESPONSE_MISMATCH: row(
    502,
    'security',
    false,
    '应答与请求不一致',
    'The answer does not belong to the request and was withheld.',
  ),
  DATASET_DESTROYED: row(
    403,
    'security',
    false,
    '数据集的对照表已销毁',
    'The map of the dataset was destroyed; its random ids cannot be made again.',
  ),
  // the gateway itself
  POLICY_UNAVAILABLE: row(503, 'transient', true, '策略不可用', 'No approved rule bundle is active.'),
  AUDIT_UNAVAILABLE: row(
    503,
    'transient',
    true,
    '审计日志不可写',
    'The call journal cannot be written; calls are refused until it can.',
  ),
  CLIENT_GONE: row(
    499,
    'processing',
    true,
    '调用方已断开',
    'The caller left before the answer was complete.',
    'INTERNAL',
  ),
  INTERNAL: row(500, 'exception', true, '网关内部错误', 'The gateway failed; the call id identifies the record.'),
} as const satisfies Record<string, CodeRow>

export type Code = keyof typeof CODES

/** Every failure of the house: a code, and a place inside our own configuration at most. Never payload, token or upstream text. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: Code
  /** for 405: the methods the path offers; for 503/429: seconds to wait. Closed set, never free text. */
  readonly hints: ErrorHints
  constructor(code: Code, hints: ErrorHints = {}) {
    super(code)
    this.code = code
    this.hints = hints
  }
}

export interface ErrorHints {
  readonly allow?: readonly string[]
  readonly retryAfter?: number
  /** what the caller sees where the exact code would tell which paths exist (no oracle); decided by access */
  readonly shown?: Code
  /** byte offset in the payload where reading stopped: a number tells nothing about the content */
  readonly offset?: number
}

export const isGatewayError = (error: unknown): error is GatewayError => error instanceof GatewayError

/** The row of a code as the caller sees it. */
export function publicRow(code: Code): CodeRow & { readonly code: string } {
  const exact: CodeRow = CODES[code]
  const shown = exact.publicCode ?? code
  const source: CodeRow = shown in CODES ? CODES[shown as Code] : exact
  return { ...source, status: exact.status, code: shown }
}
