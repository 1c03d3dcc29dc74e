import { isSurnamed } from '../surnames.ts'
import { type Detector, groupSpansOf } from './detector.ts'

const NAMED =
  /(?:患者|病人|患儿|产妇|姓名|联系人|家属)(?:姓名)?\s{0,4}:?\s{0,4}(\p{Script=Han}{1,10}(?:·\p{Script=Han}{1,10})+|\p{Script=Han}{2,4})(?=[,.;。、\s(]|男|女|$)/gu
/** words that follow 患者, 病人, 家属 in any note; their first character may be a surname */
const STOP =
  /^(?:自述|自诉|主诉|诉|因|于|入院|家属|签字|签名|姓名|未|无|不|已|有|为|系|要求|拒绝|同意|否认|来院|既往|目前|神志|意识|出院|病情|情况|一般|陈述|代诉|及|和|与)/

/** A helper beside the propagation of known names: fires only on a surname after a word that announces a name. */
export const nameContext: Detector = {
  name: 'name',
  zh: '上下文中的姓名',
  may: (text) => /患者|病人|患儿|产妇|姓名|联系人|家属/.test(text),
  find: (text) => groupSpansOf(NAMED, text, (name) => !STOP.test(name) && (name.includes('·') || isSurnamed(name))),
}
