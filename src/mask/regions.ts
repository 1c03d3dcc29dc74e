/** Provinces and prefectures of GB/T 2260 (data/regions.json): names in addresses and of codes. */
import data from '../../data/regions.json' with { type: 'json' }
import { MARK } from './transforms/marks.ts'

interface Region {
  readonly code: string
  readonly name: string
  /** without 省, 市, 自治区, 地区, 盟, 自治州 */
  readonly short: string
}

const split = (list: string): Region[] =>
  list.split(' ').map((entry) => {
    const code = /^\d+/.exec(entry)![0]
    const name = entry.slice(code.length)
    return { code, name, short: shortOf(name) }
  })

const NATIONS = '(?:(?:壮|藏|羌|彝|苗|侗|傣|白|回|布依|土家|哈尼|景颇|傈僳|朝鲜|哈萨克|柯尔克孜|蒙古|维吾尔)族?)*'
const SUFFIX = new RegExp(`(?:${NATIONS}自治[区州]|特别行政区|地区|省|市|盟)$`)

function shortOf(name: string): string {
  const short = name.replace(SUFFIX, '')
  // 内蒙古自治区: here the nation is the name.
  return short.length < 2 ? name.replace(/自治区$/, '') : short
}

const PROVINCES = split(data.provinces)
const CITIES = split(data.cities)
/** Beijing, Tianjin, Shanghai, Chongqing, Hong Kong, Macao and Taiwan keep only themselves. */
const ALONE = new Set(['11', '12', '31', '50', '71', '81', '82'])

const longest = (list: readonly Region[]): Region[] => list.toSorted((a, b) => b.name.length - a.name.length)
const PROVINCES_LONGEST = longest(PROVINCES)
const CITIES_LONGEST = longest(CITIES)
const CITIES_OF: ReadonlyMap<string, readonly Region[]> = Map.groupBy(CITIES_LONGEST, (city) => city.code.slice(0, 2))
/** by first character: one look tells most of several hundred names apart */
const byFirst = (list: readonly Region[]): ReadonlyMap<string, readonly Region[]> =>
  Map.groupBy(list, (region) => region.name[0]!)
const CITIES_BY_FIRST = byFirst(CITIES_LONGEST)
const PROVINCES_BY_FIRST = byFirst(PROVINCES_LONGEST)
const NONE: readonly Region[] = []
const BY_CODE: ReadonlyMap<string, Region> = new Map([...PROVINCES, ...CITIES].map((r) => [r.code, r]))

/** Name of a six-digit code: 重庆市, 江苏省, 江苏省苏州市. null = unknown. */
export function regionName(code: string, keep: 'province' | 'city'): string | null {
  // Residents of Taiwan carry 83 on their residence permits.
  const province = BY_CODE.get(code.startsWith('83') ? '71' : code.slice(0, 2))
  if (province === undefined) return null
  const city = keep === 'city' ? BY_CODE.get(code.slice(0, 4)) : undefined
  return province.name + (city?.name ?? '')
}

const NAMES: Readonly<Record<'province' | 'city', ReadonlySet<string>>> = {
  province: new Set(PROVINCES.map((p) => p.name)),
  city: new Set([...PROVINCES.map((p) => p.name), ...CITIES.map((c) => regionName(c.code, 'city')!)]),
}

/** Is the text a name that {@link regionName} gives? */
export const isRegionName = (text: string, keep: 'province' | 'city'): boolean => NAMES[keep].has(text)

const LABEL =
  /^(?:(?:户口所在地|户籍所在地|户籍地址|户口地址|户籍|户口|家庭住址|家庭地址|现住址|现居住地|常住地址|居住地|住址|地址|籍贯|出生地)\s*:?\s*)?(?:中华人民共和国|中国)?/
/** what a label begins with */
const LABELS = '户家现常居住地籍出中'
const GAP = /^[\s,、\-/·]*/
/** A short name before one of these names a street (北京东路, 重庆道) or a smaller place (河北区, 湖南镇). */
const STREET = /^(?:[东西南北中大新]{1,2})?(?:路|街|道|巷|弄|胡同)/
const SMALLER = /^[区县镇乡村州里庄屯湾]/

/**
 * Keeps province, or province and prefecture, of a Chinese address and puts `***` for the rest: 重庆市***,
 * 江苏省苏州市***. What is not found in the table, among it county-level cities without their prefecture and addresses
 * in Latin letters, is hidden whole.
 */
export function truncateAddress(address: string, keep: 'province' | 'city'): string {
  const named = afterGap(LABELS.includes(address[0] ?? '') ? address.slice(LABEL.exec(address)![0].length) : address)
  // The longest name wins: 吉林市 is a city, 吉林 a province.
  const city = (CITIES_BY_FIRST.get(named[0]!) ?? NONE).find((c) => named.startsWith(c.name))
  const province = provinceAt(named)
  if (province === null || (city !== undefined && city.name.length > province.length)) {
    if (city === undefined) return MARK
    const owner = BY_CODE.get(city.code.slice(0, 2))!
    return `${owner.name}${keep === 'city' ? city.name : ''}${MARK}`
  }
  const { region } = province
  if (keep === 'province' || ALONE.has(region.code)) return region.name + MARK
  const found = cityAt(rest(named, province.length, region), region.code)
  return `${region.name}${found ?? ''}${MARK}`
}

function provinceAt(text: string): { region: Region; length: number } | null {
  // A short name begins as the name does.
  const provinces = PROVINCES_BY_FIRST.get(text[0]!) ?? NONE
  for (const region of provinces) if (text.startsWith(region.name)) return { region, length: region.name.length }
  for (const region of provinces) {
    if (!text.startsWith(region.short)) continue
    const after = text.slice(region.short.length)
    if (!STREET.test(after) && !SMALLER.test(after)) return { region, length: region.short.length }
  }
  return null
}

/** What follows the province; joined parts may name it twice. */
function rest(text: string, length: number, province: Region): string {
  const after = afterGap(text.slice(length))
  return after.startsWith(province.name) ? afterGap(after.slice(province.name.length)) : after
}

/** Han characters, of which nearly every address is, are no gap. */
const afterGap = (text: string): string => {
  const c = text.charCodeAt(0)
  return c >= 0x4e00 && c <= 0x9fff ? text : text.slice(GAP.exec(text)![0].length)
}

function cityAt(text: string, province: string): string | null {
  const cities = CITIES_OF.get(province) ?? []
  const exact = cities.find((c) => text.startsWith(c.name))
  if (exact !== undefined) return exact.name
  return cities.find((c) => text.startsWith(c.short) && !STREET.test(text.slice(c.short.length)))?.name ?? null
}
