/** A dictionary of any size: invented words of medical characters, about as long as real diagnoses are. */
const CHARS = Array.from(
  '急慢性原发继发先天右左上下前后内外双侧多单良恶胃肠肝胆胰脾肾肺心脑血管动静脉神经骨关节肌皮肤眼耳鼻喉口腔齿甲状腺乳前列膀胱输尿道子宫卵巢附件盆腔胸腹颈腰椎髓淋巴血小板红白细胞免疫代谢糖脂酸碱电解质感染病毒细菌真菌寄生虫结核炎癌瘤囊肿息肉溃疡出血梗死栓塞狭窄扩张畸形骨折脱位损伤衰竭综合征症状态功能障碍减少增多低高',
)
const COLUMNS =
  'term,replacement,kind,mode,aliases,not_before,not_after,roles,code,code_system,effective_from,effective_to,status,batch,author,approver,note'

/** CSV of `count` different terms; equal for equal arguments. */
export function largeDictionary(count: number, seed = 1): { csv: string; terms: string[] } {
  let x = seed >>> 0
  const pick = (n: number): number => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((x / 2 ** 32) * n)
  }
  const terms = new Set<string>()
  while (terms.size < count) {
    let term = ''
    for (let n = 3 + pick(7); n > 0; n--) term += CHARS[pick(CHARS.length)]
    terms.add(term)
  }
  const list = [...terms]
  const rows = list.map(
    (term, i) =>
      `${term},G${i % 9973},diagnosis,both,,,${i % 50 === 0 ? '状|候' : ''},,K${10 + (i % 80)}.${i % 10},ICD-10,2026-01-01,,active,7,information-department,medical-affairs,`,
  )
  return { csv: `${COLUMNS}\n${rows.join('\n')}\n`, terms: list }
}

/** A text of about `units` characters in which every sixth word or so is a term. */
export function textWith(terms: readonly string[], units: number, seed = 3): string {
  let x = seed >>> 0
  const pick = (n: number): number => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((x / 2 ** 32) * n)
  }
  let text = ''
  while (text.length < units) {
    if (pick(3) === 0) text += terms[pick(terms.length)]
    for (let n = pick(16); n > 0; n--) text += CHARS[pick(CHARS.length)]
    text += '，。、患者今日复查 '[pick(9)]
  }
  return text
}
