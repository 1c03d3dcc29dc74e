/**
 * Invented people for questions of re-identification: how many of a town's patients does what leaves single out? Ages
 * follow the five-year groups of the 2020 census, surnames their published shares, the rest is drawn evenly. The same
 * seed gives the same people. Nobody of them exists.
 */
import { checkDigit } from '../resident-id.ts'

/** What an attacker with the full register knows of a person, by element id. */
export type Person = Readonly<Record<string, string>>

/** Share of each five-year age group from 0, in tenths of a per cent; the last is 95 and over. */
const AGES = [55, 64, 60, 52, 53, 65, 88, 70, 66, 81, 86, 72, 52, 52, 35, 22, 14, 8, 3, 1]
const SURNAMES =
  '王71李70张67刘51陈46杨32黄24赵23吴21周21徐17孙16马13朱13胡13郭12何12林12高11罗10郑9梁9谢8宋8唐7许7邓6韩6冯6曹6彭6曾6萧5田5董5潘5袁5蔡5蒋5余5于5杜4叶4程4魏4苏4吕4丁4任4卢4姚4沈4钟4姜4崔4谭4陆4范4汪4廖4石3金3韦3贾3夏3付3方3邹3熊3白3孟3秦3邱3侯3江3尹3薛3阎3段2雷2龙2黎2史2陶2贺2毛2郝2顾2龚2邵2万2覃2武2钱2戴2严2莫2孔2向2常2欧阳1司马1上官1诸葛1'
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞鹏红梅建国志文斌丹婷宇浩欣怡子轩雨泽诗涵'
/** code of the county, its address, its share of the patients: one big city, its counties, and people from elsewhere */
const TOWNS: readonly (readonly [code: string, address: string, share: number])[] = [
  ['500103', '重庆市渝中区', 28],
  ['500112', '重庆市渝北区', 22],
  ['500106', '重庆市沙坪坝区', 14],
  ['500230', '重庆市丰都县', 9],
  ['500231', '重庆市垫江县', 7],
  ['500241', '重庆市秀山土家族苗族自治县', 3],
  ['510104', '四川省成都市锦江区', 4],
  ['510703', '四川省绵阳市涪城区', 3],
  ['520102', '贵州省贵阳市南明区', 3],
  ['420102', '湖北省武汉市江岸区', 2],
  ['430102', '湖南省长沙市芙蓉区', 2],
  ['610102', '陕西省西安市新城区', 1],
  ['320505', '江苏省苏州市虎丘区', 1],
  ['110105', '北京市朝阳区', 1],
]
const ETHNICITIES: readonly (readonly [string, number])[] = [
  ['01', 920],
  ['15', 30],
  ['06', 20],
  ['11', 8],
  ['03', 8],
  ['05', 5],
  ['08', 4],
  ['07', 3],
  ['02', 1],
  ['20', 1],
]
const MARITAL: readonly (readonly [string, number])[] = [
  ['10', 15],
  ['20', 75],
  ['30', 6],
  ['40', 4],
]
const RELIGIONS: readonly (readonly [string, number])[] = [
  ['00', 97],
  ['10', 1],
  ['20', 1],
  ['30', 1],
]
const OCCUPATIONS = ['11', '13', '17', '21', '24', '27', '31', '37', '51', '54', '70', '80', '90']
const EDUCATIONS = ['10', '20', '30', '40', '60', '70', '80', '90']
const EMPLOYERS = 400

/** The people every proof is made over. */
export const PEOPLE_SEED = 1

/** @param today YYYY-MM-DD, the day the people are as old as they are */
export function population(count: number, today: string, seed = PEOPLE_SEED): Person[] {
  const draw = drawer(seed)
  return Array.from({ length: count }, (_, n) => person(n, today, draw))
}

type Draw = (below: number) => number

/** mulberry32: small, even enough, the same everywhere. Never for keys. */
export function drawer(seed: number): Draw {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

/** One of a list by weight. */
function weighted<T>(list: readonly T[], weightOf: (item: T) => number, draw: Draw): T {
  let left = draw(list.reduce((sum, item) => sum + weightOf(item), 0))
  for (const item of list) if ((left -= weightOf(item)) < 0) return item
  return list.at(-1)!
}

const surnames = [...SURNAMES.matchAll(/(\p{Script=Han}+)(\d+)/gu)].map(
  ([, name, share]) => [name!, Number(share)] as const,
)

function person(n: number, today: string, draw: Draw): Person {
  const group = weighted([...AGES.keys()], (i) => AGES[i]!, draw)
  const age = group * 5 + draw(5)
  const birth = new Date(Date.parse(today) - Math.floor((age + draw(1000) / 1000) * 365.2425) * 86_400_000)
  const birthDate = birth.toISOString().slice(0, 10)
  const male = draw(1000) < 512
  const [code, town] = weighted(TOWNS, ([, , share]) => share, draw)
  const digits = `${code}${birthDate.replaceAll('-', '')}${String(draw(500) * 2 + (male ? 1 : 0)).padStart(3, '0')}`
  const given = Array.from({ length: 1 + (draw(5) > 0 ? 1 : 0) }, () => GIVEN[draw(GIVEN.length)]!).join('')
  return {
    'person-name': weighted(surnames, ([, share]) => share, draw)[0] + given,
    'resident-id': digits + checkDigit(digits),
    address: `${town}示例路${1 + draw(400)}号${1 + draw(30)}单元`,
    postcode: `${code.slice(0, 2)}${String(draw(60) * 10).padStart(4, '0')}`,
    'birth-date': birthDate,
    age: String(ageAt(birthDate, today)),
    sex: male ? '1' : '2',
    ...lifeOf(age, draw),
    ...numbersOf(String(10_000_000 + n), draw),
  }
}

const share = (list: readonly (readonly [string, number])[], draw: Draw): string =>
  weighted(list, ([, w]) => w, draw)[0]

const lifeOf = (age: number, draw: Draw): Person => ({
  ethnicity: share(ETHNICITIES, draw),
  'marital-status': age < 22 ? '10' : share(MARITAL, draw),
  occupation: OCCUPATIONS[draw(OCCUPATIONS.length)]!,
  education: EDUCATIONS[draw(EDUCATIONS.length)]!,
  employer: `示例单位${draw(EMPLOYERS)}`,
  religion: share(RELIGIONS, draw),
  'vip-flag': draw(500) === 0 ? 'Y' : 'N',
})

const numbersOf = (number: string, draw: Draw): Person => ({
  mobile: `1${3 + draw(7)}${draw(10)}${String(draw(100_000_000)).padStart(8, '0')}`,
  landline: `023-6${String(draw(10_000_000)).padStart(7, '0')}`,
  email: `u${number}@example.com`,
  plate: `渝A${String(draw(100_000)).padStart(5, '0')}`,
  'bank-card': `622202${String(draw(1_000_000)).padStart(6, '0')}${number.slice(1)}`,
  'insurance-no': `C${number}${draw(10)}`,
  'record-no': `M${number}`,
  'inpatient-no': `ZY${number}`,
  'outpatient-no': `MZ${number}`,
})

/** Completed years at a day; both YYYY-MM-DD. */
export function ageAt(birthDate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years
}

/** Elements of a person that a register outside the hospital holds; the others are the hospital's own. */
export const IN_REGISTER: readonly string[] = [
  'person-name',
  'resident-id',
  'mobile',
  'landline',
  'email',
  'address',
  'postcode',
  'birth-date',
  'age',
  'sex',
  'ethnicity',
  'marital-status',
  'occupation',
  'education',
  'employer',
  'religion',
  'vip-flag',
  'plate',
  'bank-card',
  'insurance-no',
]
