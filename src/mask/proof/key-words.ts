/**
 * What English and Chinese words in the keys of an interface say (domain.md 2.4, 2.5): evidence for a proposal, never a
 * binding. A line holds when its words occur in the key or the keys around it; the line of most words counts.
 */

/** One meaning: element, words the key itself must hold, words that must stand in it or around it. */
export interface KeyMeaning {
  readonly element: string
  readonly key: RegExp
  readonly around?: RegExp
  /** how sure the words make it, 1 to 3 */
  readonly weight: 1 | 2 | 3
}

const STAFF =
  /\b(?:doctor|dr|physician|nurse|staff|operator|auditor|reviewer|reporter|practitioner|employee|pharmacist)\b|医生|医师|护士|操作员|审核/
const PERSON =
  /\b(?:patient|pat|pati|pt|person|client|guardian|contact|relative|family|agent|holder|insured|father|mother|child|user|customer)\b|患者|病人|联系人|监护人|家属/
const DIAGNOSIS = /\b(?:diagnos[ei]s|diagnoses|diag|disease|icd|icd10)\b|诊断|疾病/
const DRUG = /\b(?:drug|drugs|medicine|medication|pharmacy)\b|药品|药物/
const TEST = /\b(?:examine|examination|assay|lab|test|inspection|inspect|checkup)\b|检验|检查|化验/

const m = (element: string, weight: 1 | 2 | 3, key: RegExp, around?: RegExp): KeyMeaning =>
  around === undefined ? { element, weight, key } : { element, weight, key, around }

/** The first of equal weight counts: what identifies stands before what describes. */
export const KEY_MEANINGS: readonly KeyMeaning[] = [
  m('credential', 3, /\b(?:password|passwd|pwd|secret|token|credential|session)\b|密码|令牌/),
  m('biometric', 3, /\b(?:fingerprint|face|iris|voiceprint|biometric)\b|指纹|人脸/),
  m('staff-document', 3, /\blicen[cs]e\b|执业/, STAFF),
  m('staff-no', 3, /\b(?:id|no|num|number|code)\b|工号/, STAFF),
  m('staff-name', 3, /\bname\b|姓名/, STAFF),
  m(
    'resident-id',
    3,
    /\b(?:certificate|cert|identity|identification|idcard|sfz|sfzh)\b.*\b(?:no|num|number|code|card)\b|\bid (?:card|no|num|number)\b|身份证/,
  ),
  m('other-document', 3, /\b(?:passport|permit|officer)\b|护照|通行证|军官/),
  m('insurance-no', 3, /\b(?:insurance|insured|medicare|social security)\b.*\b(?:no|num|number|id|card)\b|医保卡|社保/),
  m(
    'bank-card',
    3,
    /\b(?:bank|card|account)\b.*\b(?:no|num|number)\b|银行/,
    /\b(?:bank|pay|payment|refund|account)\b|银行|支付/,
  ),
  m('mobile', 3, /\b(?:mobile|cell|cellphone|phone|telephone|tel|phones)\b|手机|电话/),
  m('email', 3, /\b(?:email|mail|mailbox)\b|邮箱/),
  m('postcode', 3, /\b(?:postcode|postal|zip|zipcode)\b|邮编/),
  m('address', 3, /\b(?:address|addr|residence|domicile|birthplace|hometown)\b|住址|地址|籍贯/),
  m(
    'address',
    2,
    /\b(?:province|city|district|county|town|village|street|community)\b|省|市|区县|街道/,
    /\b(?:address|addr|residence|patient|person)\b|住址|地址/,
  ),
  m('birth-date', 3, /\b(?:birth|birthday|birthdate|dob|born)\b|出生|生日/),
  m('age', 3, /\bage\b|年龄/),
  m('sex', 3, /\b(?:sex|gender)\b|性别/),
  m('ethnicity', 3, /\b(?:ethnic|ethnicity|nation|nationality)\b|民族/),
  m('religion', 3, /\breligion\b|宗教/),
  m('marital-status', 3, /\b(?:marital|marriage|married)\b|婚姻/),
  m('occupation', 3, /\b(?:occupation|job|profession|career)\b|职业/),
  m('education', 3, /\b(?:education|degree|schooling)\b|文化程度|学历/),
  m('employer', 3, /\b(?:employer|company|workplace|work unit)\b|工作单位/),
  m('plate', 3, /\b(?:plate|vehicle|licen[cs]e plate)\b|车牌/),
  m('vip-flag', 3, /\bvip\b|重点人员/),
  m('relationship', 3, /\b(?:relation|relationship|kinship)\b|关系/),
  m('person-name', 3, /\b(?:name|fullname|realname|truename)\b|姓名/, PERSON),
  m('inpatient-no', 3, /\b(?:inpatient|admission|hospitalization|zyh)\b.*\b(?:no|num|number|id)\b|住院号/),
  m(
    'outpatient-no',
    3,
    /\b(?:outpatient|visit|encounter|registration|clinic)\b.*\b(?:no|num|number|id)\b|门诊号|就诊号/,
  ),
  m(
    'record-no',
    3,
    /\b(?:patient|medical record|record|chart|case|mrn|file)\b.*\b(?:no|num|number|id)\b|\bmrn\b|病案号|病历号/,
  ),
  m(
    'order-no',
    3,
    /\b(?:order|apply|application|request|specimen|sample|prescription|barcode|accession)\b.*\b(?:no|num|number|id)\b|申请单|标本/,
  ),
  m('allergy', 3, /\ballerg(?:y|ies|en|ic)\b|过敏/),
  m('blood-group', 3, /\bblood (?:type|group)\b|\babo\b|血型/),
  m(
    'report-text',
    3,
    /\b(?:complaint|history|illness|conclusion|impression|finding|findings|opinion|course|progress)\b|主诉|病史|所见|结论|病程/,
  ),
  m('report-text', 3, /\b(?:physical|auxiliary) exam(?:ination)?\b|体格检查|辅助检查/),
  m('procedure', 3, /\b(?:procedure|surgery|operation)\b.*\b(?:name|code)?\b|手术/),
  m('diagnosis', 3, /\b(?:name|code|desc|description|type|icd|icd10|diagnosis)\b|名称|编码/, DIAGNOSIS),
  m('drug-maker', 3, /\b(?:manufacturer|maker|vendor|approval)\b|厂家|批准文号/),
  m('drug-name', 3, /\b(?:name|code|spec|specification)\b|名称|编码/, DRUG),
  m('dose', 3, /\b(?:dose|dosage|usage|frequency|freq|route)\b|剂量|用法|频次/),
  m('lab-range', 3, /\b(?:reference|ref|normal)\b.*\b(?:value|range|interval)?\b|参考/),
  m('lab-unit', 3, /\bunit\b|单位/, TEST),
  m('lab-value', 3, /\b(?:value|result value)\b|结果值/, /\b(?:result|lab|test|assay)\b|检验|结果/),
  m('lab-item', 3, /\b(?:name|code|item|category)\b|名称|项目/, TEST),
  m('report-text', 2, /\bresult\b|结果/, TEST),
  m('order-text', 2, /\b(?:prescription|therapy|treatment|order|plan|advice)\b|医嘱|治疗/),
  m('attachment', 3, /\b(?:image|photo|picture|attachment|file|pdf|base64|signature|video|audio)\b|附件|图片|照片/),
  m('device-id', 3, /\b(?:ip|mac|imei|device|openid|unionid|url|link)\b|设备/),
  m('event-date', 3, /\b(?:date|time|datetime|timestamp|created|updated)\b|日期|时间/),
  m('department', 3, /\b(?:department|dept|ward|clinic)\b|科室/),
  m('facility', 3, /\b(?:hospital|organi[sz]ation|org|institution|facility)\b.*\b(?:name|code)?\b|医院|机构/),
  m('amount', 3, /\b(?:amount|price|fee|cost|charge|balance|money)\b|金额|费用/),
  m(
    'note',
    2,
    /\b(?:note|notes|remark|remarks|memo|comment|comments|summary|content|message|text|description)\b|备注|内容/,
  ),
]

/** `certificateNumber`, `certificate_number`, `CERTIFICATE-NUMBER` -> `certificate number` */
export const wordsOf = (key: string): string =>
  key
    .normalize('NFKC')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_\-.\s]+/g, ' ')
    .trim()
    .toLowerCase()
