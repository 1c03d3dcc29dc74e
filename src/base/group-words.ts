/** Groups of elements: English key -> Chinese word. By itself, for the browser shows them too and needs no other word. */
export const GROUPS = {
  identity: '身份',
  'identity-documents': '证件',
  contact: '联系方式',
  'local-numbers': '院内编号',
  'quasi-identifiers': '准标识符',
  payment: '支付',
  clinical: '诊疗信息',
  'free-text': '自由文本',
  staff: '医务人员',
} as const
