/**
 * How terms and texts are compared inside a text: UTF-16 unit by unit on the normalised shadow (normal.ts), without
 * case, with traditional characters of medical words as their simplified ones. No unit changes the length, so offsets
 * of a hit are offsets of the shadow.
 */
import { shadowOf } from '../normal.ts'

/** traditional, simplified, traditional, simplified: characters of diagnoses, organs, drugs, analytes, procedures and what stands beside them */
const PAIRS =
  '減减癥症脫脱瘡疮癆痨癰痈癱瘫癲癫癩癞癬癣癢痒瘧疟瘍疡瘋疯瘓痪瘻瘘癤疖癧疬癮瘾癭瘿膽胆膿脓腦脑腎肾腫肿脹胀腸肠臟脏膚肤膠胶' +
  '臍脐顱颅頸颈頭头額额顏颜齒齿齦龈齲龋關关節节髒脏髕髌體体髖髋貧贫敗败壞坏壓压傷伤創创損损斷断燒烧燙烫凍冻過过氣气張张結结黴霉' +
  '蟲虫絲丝鈎钩鉤钩鈣钙鉀钾鈉钠鎂镁鋅锌鐵铁銅铜鉛铅錳锰鉻铬鋰锂鋇钡紅红細细質质鹽盐鹼碱糞粪診诊檢检驗验療疗術术醫医藥药劑剂顆颗' +
  '針针導导鏡镜內内異异惡恶轉转變变組组織织單单雙双側侧後后盤盘竇窦顫颤動动靜静脈脉閉闭鎖锁狹狭擴扩縮缩纖纤維维潰溃發发熱热戰战嘔呕' +
  '瀉泻祕秘黃黄積积聾聋啞哑視视網网聽听鳴鸣覺觉癡痴憂忧鬱郁慮虑強强濫滥愛爱皰疱濕湿風风類类僂偻營营養养懷怀孕孕產产婦妇兒儿嬰婴' +
  '宮宫輸输陰阴莖茎睪睾運运調调節节壯壮樣样環环緊紧顯显鬆松軟软韌韧帶带攣挛縫缝補补髮发懸悬縱纵橫横連连續续漸渐殘残' +
  '項项膕腘臨临監监護护復复興兴奮奋應应激激離离聯联糾纠紋纹樹树蘆芦薺荠蘇苏達达寧宁囉啰諾诺賽赛濟济維维爾尔樂乐靈灵諸诸' +
  '業业東东喪丧麗丽亞亚優优傳传償偿蘭兰沖冲衝冲準准擊击製制剝剥勞劳區区華华衛卫葉叶嗎吗嚥咽團团圍围國国圖图塊块聲声複复夾夹媽妈學学寬宽對对層层島岛鞏巩開开彌弥瀰弥徵征態态總总恆恒驚惊紮扎撲扑掃扫揚扬換换攝摄數数無无舊旧時时暈晕' +
  '暫暂機机桿杆來来楊杨極极標标橈桡橋桥歐欧氫氢溝沟淺浅漿浆測测濃浓潤润澱淀溫温遊游滯滞濾滤潛潜爛烂狀状電电癇痫瘺瘘蓋盖礙碍禮礼穩稳窩窝窺窥繫系級级純纯納纳綫线線线經经絡络絕绝絞绞統统繼继綜综羅罗羥羟蘋苹盪荡蕩荡蕁荨葯药獲获規规' +
  '計计識识試试謝谢賴赖輕轻輔辅輝辉進进遠远適适遺遗痠酸鉬钼銀银鏈链銳锐長长門门間间悶闷闌阑陣阵際际陳陈隨随隱隐難难韋韦順顺頻频飽饱魯鲁鱗鳞鶴鹤齊齐齡龄龍龙'

let table: Uint16Array | null = null

/** Folded unit of every UTF-16 unit. */
export function foldTable(): Uint16Array {
  if (table !== null) return table
  const made = new Uint16Array(0x10000)
  for (let c = 0; c < made.length; c++) made[c] = c
  for (const [from, to] of [
    [0x41, 0x2000],
    [0x2c00, 0x2e00],
    [0xa640, 0xa800],
  ])
    for (let c = from!; c < to!; c++) {
      const lower = String.fromCharCode(c).toLowerCase()
      if (lower.length === 1) made[c] = lower.charCodeAt(0)
    }
  for (let i = 0; i < PAIRS.length; i += 2) made[PAIRS.charCodeAt(i)] = PAIRS.charCodeAt(i + 1)
  return (table = made)
}

let spellings: Map<number, number[]> | null = null

/** Every unit that is folded to a folded one, itself among them. */
export function spellingsOf(unit: number): readonly number[] {
  spellings ??= othersOf(foldTable())
  return [unit, ...(spellings.get(unit) ?? [])]
}

function othersOf(fold: Uint16Array): Map<number, number[]> {
  const others = new Map<number, number[]>()
  for (let c = 0; c < fold.length; c++) {
    const to = fold[c]!
    if (to !== c) others.set(to, [...(others.get(to) ?? []), c])
  }
  return others
}

export const isBlank = (c: number): boolean =>
  c <= 0x20
    ? c === 0x20 || (c >= 0x09 && c <= 0x0d)
    : c === 0xa0 || c === 0x3000 || c === 0x85 || c === 0x2028 || c === 0x2029

export const isHan = (c: number): boolean => (c >= 0x3400 && c <= 0x9fff) || (c >= 0xd840 && c <= 0xdfff)

/** Letters and digits that make words: a term does not begin or end inside a run of them. Han has no such borders. */
export const isWordUnit = (c: number): boolean =>
  c <= 0x52f &&
  ((c >= 0x30 && c <= 0x39) ||
    (c >= 0x41 && c <= 0x5a) ||
    (c >= 0x61 && c <= 0x7a) ||
    c === 0x5f ||
    (c >= 0xc0 && c <= 0x24f) ||
    c >= 0x370)

/**
 * A term as the automaton holds it: folded, blanks next to a Han character gone, other runs of blanks one blank.
 * Empty for a text of blanks.
 */
export function foldTerm(text: string): string {
  const fold = foldTable()
  const shadow = shadowOf(text).text.trim()
  let out = ''
  for (let i = 0; i < shadow.length; i++) {
    const c = shadow.charCodeAt(i)
    if (!isBlank(c)) out += String.fromCharCode(fold[c]!)
    else {
      let next = i + 1
      while (isBlank(shadow.charCodeAt(next))) next++
      if (!isHan(shadow.charCodeAt(i - 1)) && !isHan(shadow.charCodeAt(next))) out += ' '
      i = next - 1
    }
  }
  return out
}

/** Longest run of blanks a term goes across; a run with two line breaks, or a longer one, is the gap of a table. */
const MAX_GAP = 4

/** The offset after the blanks that begin at `i`, or -1 when they are a gap no term goes across. */
export function acrossBlanks(text: string, i: number, limit: number): number {
  let breaks = 0
  let k = i
  for (; k < limit; k++) {
    const c = text.charCodeAt(k)
    if (!isBlank(c)) break
    if (c === 0x0a) breaks++
  }
  return k === limit || k - i > MAX_GAP || breaks > 1 ? -1 : k
}
