/** `unknown:` (未登记): what happens to a scalar no binding knows. `keep` is uncontrolled and wants approval and expiry. */
import { type Fields, openMap, readWord } from '../../base/fields.ts'
import type { YamlScalar } from '../../base/yaml.ts'
import type { Policy, UnknownTreatment } from '../model.ts'

const TREATMENTS = ['redact', 'drop', 'withhold', 'keep'] as const
const LATER = new Set(['scrub', 'codes-only', '识别清洗', '只留术语'])

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
  const written = String(node.value ?? '')
  if (LATER.has(written)) {
    f.reading.error(
      node.at,
      'later-release',
      { zh: `“${written}”将在后续版本提供`, en: `"${written}" comes with a later release` },
      { zh: '遮蔽、删除、扣留 或 保留', en: 'redact, drop, withhold or keep' },
    )
    return null
  }
  return readWord(node, 'unknown', TREATMENTS, f.reading, f.word('unknown')) ?? null
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
