/** Seeded payloads of the shapes hospitals send: FHIR R4 search bundles, flat HIS lists, ORU^R01 messages. All invented. */

export interface Dice {
  int(from: number, to: number): number
  pick<T>(list: readonly T[]): T
  chance(p: number): boolean
}

export function dice(seed: number): Dice {
  let state = seed >>> 0
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return { int, pick: (list) => list[int(0, list.length - 1)]!, chance: (p) => next() < p }
}

const SURNAMES = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹']
const GIVEN = [...'伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂华志建国红玉梅']
const STREETS = [
  '北京市海淀区中关村大街',
  '上海市浦东新区世纪大道',
  '广东省广州市天河区体育东路',
  '四川省成都市武侯区天府大道',
  '浙江省杭州市西湖区文三路',
]
const DISEASES = [
  '原发性高血压',
  '2型糖尿病',
  '急性上呼吸道感染',
  '慢性阻塞性肺疾病',
  '冠状动脉粥样硬化性心脏病',
  '肺炎',
  '胆囊结石',
  '腰椎间盘突出',
]
const LABS = [
  ['718-7', '血红蛋白', 'g/L'],
  ['6690-2', '白细胞计数', '10*9/L'],
  ['2345-7', '葡萄糖', 'mmol/L'],
  ['2160-0', '肌酐', 'umol/L'],
  ['8480-6', '收缩压', 'mmHg'],
] as const

/** 5,000 diagnosis terms and the class each is replaced by. */
export const TERMS: ReadonlyMap<string, string> = new Map(
  Array.from({ length: 5000 }, (_, i) => [`${DISEASES[i % DISEASES.length]}（${i}型）`, `诊断类别${i % 97}`] as const),
)
const TERM_LIST = [...TERMS.keys()]

const two = (n: number) => String(n).padStart(2, '0')
const day = (d: Dice, from: number, to: number) => `${d.int(from, to)}-${two(d.int(1, 12))}-${two(d.int(1, 28))}`
const instant = (d: Dice) =>
  `${day(d, 2025, 2025)}T${two(d.int(0, 23))}:${two(d.int(0, 59))}:${two(d.int(0, 59))}+08:00`
const idNumber = (d: Dice) => `${d.int(110_000, 659_999)}${day(d, 1940, 2015).replaceAll('-', '')}${d.int(1000, 9999)}`
const phone = (d: Dice) => `1${d.int(30, 99)}${String(d.int(0, 99_999_999)).padStart(8, '0')}`
const uuid = (d: Dice) => 'xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx'.replaceAll('x', () => d.int(0, 15).toString(16))
const person = (d: Dice): [string, string] => [d.pick(SURNAMES), d.pick(GIVEN) + (d.chance(0.6) ? d.pick(GIVEN) : '')]
const fullName = (d: Dice) => person(d).join('')
const meta = (d: Dice) => ({
  versionId: String(d.int(1, 9)),
  lastUpdated: instant(d),
  profile: ['http://hl7.org.cn/fhir/StructureDefinition/cn-core'],
})

function patient(d: Dice) {
  const [family, given] = person(d)
  const name = family + given
  const identifier = [
    {
      use: 'official',
      type: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'NI', display: '居民身份证' }],
      },
      system: 'http://www.mps.gov.cn/idcard',
      value: idNumber(d),
    },
    { use: 'usual', system: 'http://hospital.example.cn/mrn', value: `MRN${d.int(10_000_000, 99_999_999)}` },
  ]
  return {
    resourceType: 'Patient',
    id: uuid(d),
    meta: meta(d),
    identifier,
    active: true,
    name: [{ use: 'official', text: name, family, given: [given] }],
    telecom: [
      { system: 'phone', value: phone(d), use: 'mobile' },
      { system: 'email', value: `u${d.int(1, 9_000_000)}@example.cn` },
    ],
    gender: d.pick(['male', 'female']),
    birthDate: day(d, 1940, 2015),
    address: [
      {
        use: 'home',
        text: `${d.pick(STREETS)}${d.int(1, 999)}号${d.int(1, 30)}栋`,
        line: [`${d.pick(STREETS)}${d.int(1, 999)}号`],
        city: '北京市',
        postalCode: String(d.int(100_000, 699_999)),
        country: 'CN',
      },
    ],
    maritalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', code: 'M', display: '已婚' }],
    },
    contact: [
      {
        relationship: [{ text: '配偶' }],
        name: { text: fullName(d) },
        telecom: [{ system: 'phone', value: phone(d) }],
      },
    ],
    managingOrganization: { reference: `Organization/${d.int(1, 99)}`, display: '示范医院' },
  }
}

type Patient = ReturnType<typeof patient>
const subjectOf = (p: Patient) => ({ reference: `Patient/${p.id}`, display: p.name[0]!.text })

function encounter(d: Dice, p: Patient) {
  return {
    resourceType: 'Encounter',
    id: uuid(d),
    meta: meta(d),
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
    subject: subjectOf(p),
    participant: [
      {
        type: [{ text: '主治医师' }],
        individual: { reference: `Practitioner/${d.int(1, 999)}`, display: fullName(d) },
      },
    ],
    period: { start: instant(d), end: instant(d) },
    reasonCode: [
      {
        coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10.x00', display: '诊断' }],
        text: d.pick(TERM_LIST),
      },
    ],
    diagnosis: [{ condition: { reference: `Condition/${d.int(1, 9999)}`, display: d.pick(TERM_LIST) }, rank: 1 }],
    serviceProvider: { reference: 'Organization/1', display: '示范医院内科门诊' },
  }
}

function observation(d: Dice, p: Patient) {
  const [code, display, unit] = d.pick(LABS)
  return {
    resourceType: 'Observation',
    id: uuid(d),
    meta: meta(d),
    status: 'final',
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/observation-category',
            code: 'laboratory',
            display: 'Laboratory',
          },
        ],
      },
    ],
    code: { coding: [{ system: 'http://loinc.org', code, display }], text: display },
    subject: subjectOf(p),
    effectiveDateTime: instant(d),
    issued: instant(d),
    valueQuantity: { value: d.int(100, 99_999) / 100, unit, system: 'http://unitsofmeasure.org', code: unit },
    referenceRange: [{ low: { value: 3.9, unit }, high: { value: 6.1, unit }, text: '参考范围 3.9-6.1' }],
  }
}

function medication(d: Dice, p: Patient) {
  return {
    resourceType: 'MedicationRequest',
    id: uuid(d),
    meta: meta(d),
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: {
      coding: [{ system: 'http://snomed.info/sct', code: '387517004', display: '对乙酰氨基酚' }],
      text: '对乙酰氨基酚片 0.5g',
    },
    subject: subjectOf(p),
    authoredOn: instant(d),
    requester: { reference: `Practitioner/${d.int(1, 999)}`, display: fullName(d) },
    dosageInstruction: [
      {
        text: '口服，每日三次，每次一片，饭后服用',
        timing: { repeat: { frequency: 3, period: 1, periodUnit: 'd' } },
        doseAndRate: [{ doseQuantity: { value: 0.5, unit: 'g' } }],
      },
    ],
  }
}

/** A search bundle of at least `bytes` bytes. */
export function fhirBundle(bytes: number, seed: number): Buffer {
  const d = dice(seed)
  const entry: unknown[] = []
  let size = 100
  const push = (resource: { id: string }) => {
    const e = { fullUrl: `urn:uuid:${resource.id}`, resource, search: { mode: 'match' } }
    entry.push(e)
    size += Buffer.byteLength(JSON.stringify(e)) + 1
  }
  for (let first = true; size < bytes; first = false) {
    const p = patient(d)
    push(p)
    if (size < bytes) push(encounter(d, p))
    for (let n = first ? 2 : 6; n > 0 && size < bytes; n--) push(observation(d, p))
    if (size < bytes) push(medication(d, p))
  }
  return Buffer.from(
    JSON.stringify({ resourceType: 'Bundle', id: uuid(d), type: 'searchset', total: entry.length, entry }),
  )
}

function hisRow(d: Dice) {
  const fixed = { nation: '汉族', maritalStatus: '已婚', occupation: '职员', bloodType: 'A' }
  const stay = {
    deptCode: `D${d.int(100, 999)}`,
    deptName: '心血管内科',
    wardName: '三病区',
    bedNo: `${d.int(1, 60)}床`,
    doctorCode: `Y${d.int(1000, 9999)}`,
    doctorName: fullName(d),
    nurseName: fullName(d),
    admitTime: instant(d),
    dischargeTime: null,
  }
  const fees = {
    totalFee: d.int(100, 9_999_999) / 100,
    selfFee: d.int(100, 999_999) / 100,
    insuranceFee: d.int(100, 99_999) / 100,
    feeType: '医保',
    status: 1,
    isEmergency: false,
  }
  return {
    patientId: d.int(10_000_000, 90_000_000),
    visitNo: `V${d.int(10_000_000, 90_000_000)}`,
    patientName: fullName(d),
    sex: d.pick(['男', '女']),
    sexCode: d.int(1, 2),
    birthDate: day(d, 1940, 2015),
    age: d.int(1, 99),
    idCard: idNumber(d),
    phone: phone(d),
    address: `${d.pick(STREETS)}${d.int(1, 999)}号`,
    ...fixed,
    contactName: fullName(d),
    contactPhone: phone(d),
    contactRelation: '配偶',
    insuranceNo: `YB${d.int(100_000_000, 900_000_000)}`,
    insuranceType: '城镇职工基本医疗保险',
    medicalRecordNo: `MR${d.int(10_000_000, 90_000_000)}`,
    ...stay,
    diagnosisCode: 'I10.x00',
    diagnosisName: d.pick(TERM_LIST),
    secondDiagnosis: '无',
    allergy: '青霉素',
    ...fees,
    remark: '患者一般情况可，生命体征平稳',
    createTime: instant(d),
    updateTime: instant(d),
  }
}

/** A flat HIS list answer of at least `bytes` bytes. */
export function hisList(bytes: number, seed: number): Buffer {
  const d = dice(seed)
  const data: unknown[] = []
  let size = 50
  while (size < bytes) {
    const row = hisRow(d)
    data.push(row)
    size += Buffer.byteLength(JSON.stringify(row)) + 1
  }
  return Buffer.from(JSON.stringify({ code: 0, msg: 'success', total: data.length, data }))
}

/** An ORU^R01 laboratory message with `count` OBX segments, CR-terminated UTF-8. */
export function oruMessage(count: number, seed: number): Buffer {
  const d = dice(seed)
  const id = idNumber(d)
  const doctor = `${d.int(1000, 9999)}^王^医生`
  const lines = [
    `MSH|^~\\&|LIS|HOSP|EMR|HOSP|20250101120000||ORU^R01^ORU_R01|MSG${d.int(1, 999_999)}|P|2.5.1|||NE|AL|CHN|UNICODE UTF-8`,
    `PID|1||MRN${d.int(1, 9_999_999)}^^^HOSP^MR~${id}^^^CN^NI||张^三丰^^^^^L~ZHANG^SANFENG||19800215|M|||北京市海淀区中关村大街${d.int(1, 999)}号^^北京^^100080^CHN^H||^PRN^CP^^86^^138${d.int(10_000_000, 99_999_999)}|||M||${d.int(1, 999_999)}|${id}`,
    `NK1|1|李^四|SPO^配偶|上海市浦东新区世纪大道1号|139${d.int(10_000_000, 99_999_999)}`,
    `PV1|1|I|W3^12^1^HOSP||||${doctor}|||||||||||V${d.int(1_000_000, 9_999_999)}`,
    'DG1|1||I10.x00^原发性高血压^ICD10|||A',
    `ORC|RE|${d.int(1, 999_999)}|${d.int(1, 999_999)}`,
    `OBR|1|${d.int(1, 999_999)}|${d.int(1, 999_999)}|CBC^全血细胞计数^L|||20250101113000|||||||||${doctor}`,
  ]
  for (let i = 1; i <= count; i++) {
    const [code, name] = d.pick(LABS)
    lines.push(
      `OBX|${i}|NM|${code}^${name}^LN||${d.int(0, 999)}.${d.int(0, 9)}0|10*9/L|3.5-9.5|${d.chance(0.8) ? 'N' : 'H'}|||F|||20250101115500`,
    )
  }
  return Buffer.from(`${lines.join('\r')}\r`)
}
