/** `request:` of an entry: what is masked before a request leaves for its receiver (rules-language.md, Direction). */
import type { Fields } from '../base/fields.ts'
import { englishValue } from '../base/vocabulary.ts'
import type { Entry, QueryParameter, Verb } from './model.ts'

interface Shape {
  readonly method: string
  readonly verb: Verb
  readonly query: readonly QueryParameter[]
  readonly approval: string | null
}

const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/**
 * Required for entries with a body or query. `policy: none` sends as received: for queries of the data holder, for
 * updates (a masked one would erase), and for creates that name their approval.
 */
export function readObligations(fields: Fields<'entry'>, shape: Shape): Entry['request'] {
  const { reading } = fields
  const body = WITH_BODY.has(shape.method)
  const request = fields.map('request', 'entry-request')
  if (request === null) {
    if (body || shape.query.length > 0) missing(fields)
    return null
  }
  const word = request.text('policy')
  const policy = word === '' || englishValue('none', word) === 'none' ? null : word
  const at = request.valueAt('policy')
  if (policy !== null && shape.verb === 'update')
    reading.error(
      at,
      'update-masked',
      {
        zh: '更新接口的请求不能脱敏：被去掉的内容会在接收方被抹除',
        en: 'requests of an update are not masked: what masking takes away would be erased there',
      },
      { zh: '策略: 无', en: 'policy: none' },
    )
  if (policy !== null && shape.query.length > 0)
    reading.error(
      at,
      'later-release',
      { zh: '本版本不支持对查询参数脱敏', en: 'masking of query parameters is not part of this release' },
      { zh: '策略: 无，或不登记参数', en: 'policy: none, or no declared parameters' },
    )
  if (policy !== null && !body)
    reading.error(
      at,
      'request-empty',
      { zh: `${shape.method} 没有可脱敏的报文`, en: `${shape.method} has no body to mask` },
      { zh: '策略: 无', en: 'policy: none' },
    )
  if (policy === null && word !== '' && shape.verb === 'create' && shape.approval === null)
    reading.error(
      at,
      'request-approval',
      { zh: '把数据原样送给接收方必须写明批准', en: 'sending data to a receiver as it is names its approval' },
      { zh: '批准: 文号，或一个策略', en: 'approval: TEXT, or a policy' },
    )
  return { policy }
}

function missing(fields: Fields<'entry'>): void {
  fields.reading.error(
    fields.at,
    'request-policy',
    {
      zh: '有报文或参数的接口必须写明请求的策略',
      en: 'an entry with a body or query states the policy of its requests',
    },
    {
      zh: '请求: { 策略: 无 }（数据持有方），或写一个策略的名称',
      en: 'request: { policy: none } where the provider holds the data, else the name of a policy',
    },
  )
}
