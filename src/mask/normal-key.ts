/**
 * Keys of HIS JSON in one form (domain.md 2.5.1): NFKC, trimmed, lower case, without _ - . blanks and zero-width
 * characters. Bindings and payload keys meet in it.
 */
const IGNORED = /[\s_.\-\u00ad\u180e\u200b-\u200f\u2060\ufeff]/gu

export const normalKey = (key: string): string => key.normalize('NFKC').toLowerCase().replace(IGNORED, '')

/** Pinyin initials with several meanings (domain.md 2.5.3): a binding must say in which object they stand. */
export const AMBIGUOUS_KEYS: ReadonlyMap<string, string> = new Map([
  ['xm', '姓名/项目'],
  ['mz', '民族/门诊/麻醉'],
  ['zy', '职业/住院/中医'],
  ['dh', '电话/单号'],
  ['yb', '邮编/医保'],
  ['jg', '结果/机构/籍贯/价格'],
  ['sj', '时间/手机/数据'],
  ['kh', '卡号/客户'],
  ['bh', '编号/病号'],
  ['gx', '关系/共享'],
  ['zd', '诊断/字典'],
  ['hy', '婚姻/化验'],
])
