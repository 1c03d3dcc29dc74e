/** `unknown:` (未登记): what happens to a scalar no binding knows. `keep` is uncontrolled and wants approval and expiry. */
import { type Fields, openMap, readWord } from '../../base/fields.ts'
import type { YamlScalar } from '../../base/yaml.ts'
import type { Policy, UnknownTreatment } from '../model.ts'

const TREATMENTS = ['codes-only', 'redact', 'drop', 'withhold', 'scrub', 'keep'] as const

export function readUnknown(f: Fields<'policy'>): Policy['unknown'] {
  const node = f.node('unknown')
  if (node === undefined) return null
  const at = f.placeOf('unknown')
  if (node.type === 'scalar') {
    const treatment = readTreatment(node, f)
    if (treatment === 'keep') warnUncontrolled(f)
    return treatment === null ? null : { treatment, at }
  }
  const map = openMap(node, 'unknown', f.reading)
  const named = map.need('treatment')
  const approval = map.text('approval', null)
  const expires = map.date('expires', null)
  if (named === undefined) return null
  if (named.type !== 'scalar') {
    map.oneOf('treatment', 'unknown', TREATMENTS)
    return null
  }
  const treatment = readTreatment(named, f)
  if (treatment === 'keep' && (approval === null || expires === null)) warnUncontrolled(f)
  return treatment === null ? null : { treatment, approval, expires, at }
}

function readTreatment(node: YamlScalar, f: Fields<'policy'>): UnknownTreatment | null {
  return readWord(node, 'unknown', TREATMENTS, f.reading, f.word('unknown')) ?? null
}

/** A bare name under an unknown key passes scrub: only those who see names anyway may have it. */
export function checkUnknown(f: Fields<'policy'>, policy: Pick<Policy, 'directCare' | 'unknown'>): void {
  if (policy.unknown?.treatment !== 'scrub' || policy.directCare) return
  f.reading.error(
    policy.unknown.at,
    'scrub-outside-care',
    {
      zh: '直接诊疗之外，未登记内容不得只做识别清洗：单独的姓名识别不出',
      en: 'outside direct care unknown values may not be scrubbed: a bare name passes',
    },
    { zh: '只留术语、遮蔽、删除 或 扣留', en: 'codes-only, redact, drop or withhold' },
  )
}

function warnUncontrolled(f: Fields<'policy'>): void {
  f.reading.warn(
    f.placeOf('unknown'),
    'uncontrolled',
    {
      zh: '未登记内容原样放行，计为未管控',
      en: 'unknown values pass as they are: this counts as uncontrolled',
    },
    {
      zh: '{ 处理: 保留, 批准: 文号, 到期: 日期 }',
      en: '{ treatment: keep, approval: NUMBER, expires: DATE }',
    },
  )
}
