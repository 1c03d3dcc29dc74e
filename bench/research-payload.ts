/** HIS rows as a hospital sends them to a researcher: identity, results, and what people wrote. Repeatable by seed. */
import { checkDigit } from '../src/mask/resident-id.ts'

export type Pick = (n: number) => number

export function chance(seed: number): Pick {
  let x = seed >>> 0
  return (n) => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((x / 2 ** 32) * n)
  }
}

const SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鹏飞'
const pad = (n: number, width: number): string => String(n).padStart(width, '0')
const one = <T>(pick: Pick, list: readonly T[]): T => list[pick(list.length)]!
const nameOf = (pick: Pick): string =>
  SURNAMES[pick(20)]! + GIVEN[pick(GIVEN.length)]! + (pick(3) === 0 ? '' : GIVEN[pick(GIVEN.length)]!)

/** now and then a value that raises its record to level 5, and words that only look like one (domain.md E24) */
const rare = <T>(pick: Pick, oneIn: number, then: readonly T[], else_: readonly T[]): T =>
  one(pick, pick(oneIn) === 0 ? then : else_)

const DIAGNOSES = ['免疫性血小板减少症', '糖尿病', '肺炎', '高血压', '甲状腺结节', '慢性支气管炎']
const LEVEL5_DIAGNOSES = ['B20.100x001', '肺结核', '精神分裂症']
const DRUGS = ['思密达', '阿莫西林胶囊', '二甲双胍片', '必奇']
const LEVEL5_DRUGS = ['拉米夫定片', '奥氮平片', 'Olanzapine']
const DEPARTMENTS = ['呼吸内科', '血液科', '普外科']
const LEVEL5_DEPARTMENTS = ['感染科', '精神科门诊']
const LEVEL5_FINDINGS = ['考虑艾滋病，建议转诊。', '既往人工流产一次。', '梅毒抗体阳性，滴度 1:8。']
const DENIALS = ['否认肺结核、肝炎病史。', '梅毒抗体阴性，HIV 抗体阴性。', '排除淋病。']
/** asked of nearly everybody: a sign unless its result is negative */
const SCREENINGS = ['HBsAg', '梅毒螺旋体抗体', 'HIV 抗体']
const ITEMS = [
  ['血红蛋白', 'g/L', '115-150'],
  ['白细胞', '10^9/L', '3.5-9.5'],
  ['血小板计数', '10^9/L', '125-350'],
  ['肌酐', 'μmol/L', '41-81'],
] as const
const FINDINGS = [
  '双肺呼吸音清，未闻及干湿性啰音，心律齐，腹平软，无压痛及反跳痛，双下肢无水肿。',
  '神志清楚，精神可，饮食睡眠一般，大小便正常，体重无明显变化。',
  '切口敷料干燥，无红肿渗出，引流管通畅，引流液约 50 ml。',
  '复查血常规：血红蛋白 118 g/L，白细胞 6.3×10^9/L，继续目前治疗。',
  '建议低盐低脂饮食，规律服药，定期门诊随访，如有不适及时就诊。',
  '患者自述症状较前好转，无发热、咳嗽，查体同前，予对症处理。',
]
const ADDRESSES = [
  '重庆市渝中区示例路',
  '江苏省苏州市昆山市花桥镇示例大道',
  '广东省深圳市南山区示例街',
  '四川省成都市锦江区示例巷',
]

function personOf(pick: Pick) {
  const day = `${1940 + pick(70)}-${pad(1 + pick(12), 2)}-${pad(1 + pick(28), 2)}`
  const body = `${one(pick, ['500103', '320583', '440305', '510104'])}${day.replaceAll('-', '')}${pad(pick(1000), 3)}`
  return {
    brxm: nameOf(pick),
    xb: pick(2) === 0 ? '男' : '女',
    csrq: day,
    sfzh: body + checkDigit(body),
    lxdh: `1${3 + pick(7)}${pad(pick(1e9), 9)}`,
    jtdz: `${one(pick, ADDRESSES)}${1 + pick(99)}号${1 + pick(20)}单元`,
    zyh: `ZY${pad(pick(1e8), 8)}`,
    bah: pad(pick(1e8), 8),
  }
}

/** One sentence of every few names the patient in one way or another. */
function proseOf(pick: Pick, person: ReturnType<typeof personOf>): string {
  const said = Array.from({ length: 2 + pick(3) }, () => one(pick, FINDINGS))
  said.push(...(pick(4) === 0 ? [one(pick, DENIALS)] : []), ...(pick(60) === 0 ? [one(pick, LEVEL5_FINDINGS)] : []))
  if (pick(3) === 0) said.push(`患者${person.brxm}，住院号${person.zyh}，诊断${one(pick, DIAGNOSES)}。`)
  if (pick(5) === 0)
    said.push(`联系电话 ${person.lxdh.slice(0, 3)} ${person.lxdh.slice(3, 7)} ${person.lxdh.slice(7)}。`)
  if (pick(6) === 0) said.push(`${person.brxm}签字。`)
  return said.join('')
}

/** Now and then a kept column holds what another one hides: the name at an item, a telephone beside a range. */
function resultsOf(pick: Pick, person: ReturnType<typeof personOf>): object[] {
  const results: object[] = ITEMS.map(([xmmc, jldw, ckfw]) => ({
    xmmc: pick(120) === 0 ? `${person.brxm} ${xmmc}` : xmmc,
    jgz: `${pick(200)}.${pick(10)}${pick(10)}`,
    jldw,
    ckfw: pick(160) === 0 ? `${ckfw} 危急值致电 ${person.lxdh}` : ckfw,
  }))
  if (pick(4) === 0)
    results.push({
      xmmc: one(pick, SCREENINGS),
      jgz: rare(pick, 12, ['阳性'], ['阴性', '阴性(-)']),
      jldw: '',
      ckfw: '阴性',
    })
  if (pick(100) === 0) results.push({ xmmc: 'HIV-RNA 定量', jgz: '20', jldw: 'copies/mL', ckfw: '' })
  return results
}

function rowOf(pick: Pick): object {
  const person = personOf(pick)
  return {
    ...person,
    rysj: `2026-${pad(1 + pick(11), 2)}-${pad(1 + pick(28), 2)} 09:20:00`,
    ryzd: rare(pick, 60, LEVEL5_DIAGNOSES, DIAGNOSES),
    ypmc: rare(pick, 60, LEVEL5_DRUGS, DRUGS),
    jl: `${1 + pick(4)}片`,
    ysxm: nameOf(pick),
    ksmc: rare(pick, 60, LEVEL5_DEPARTMENTS, DEPARTMENTS),
    results: resultsOf(pick, person),
    bcjl: proseOf(pick, person),
    jcsj: one(pick, FINDINGS) + one(pick, FINDINGS),
    bz: `${one(pick, DIAGNOSES)}，血红蛋白 ${90 + pick(60)} g/L，否认糖尿病病史`,
    je: pick(100_000) / 100,
    sfzf: pick(2) === 0,
  }
}

/** About `bytes` of JSON. */
export function researchList(bytes: number, seed: number): Buffer {
  const pick = chance(seed)
  const list: object[] = []
  for (let size = 0; size < bytes; size += 1700) list.push(rowOf(pick))
  return Buffer.from(JSON.stringify({ code: 0, msg: 'ok', data: { list, total: list.length } }))
}
