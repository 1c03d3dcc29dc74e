/** Chinese words of the shipped roles, scenarios, groups and dictionaries; a site's own appear as they are written in its rules. */
import { GROUPS } from '../../../base/group-words.ts'

const role: Record<string, string> = {
  doctor: '医生',
  consultant: '会诊专家',
  nurse: '护士',
  technician: '技师',
  pharmacist: '药师',
  researcher: '科研人员',
  billing: '收费医保',
  manager: '管理统计',
  patient: '患者本人',
  'third-party': '第三方',
}

const scenario: Record<string, string> = {
  treatment: '诊疗',
  emergency: '急诊',
  surgery: '手术',
  consultation: '会诊',
  referral: '转诊',
  insurance: '医保结算',
  research: '科研',
  management: '管理',
  'third-party': '第三方服务',
  'self-service': '自助查询',
}

const group: Record<string, string> = GROUPS

const dictionary: Record<string, string> = {
  department: '科室',
  diagnosis: '诊断',
  exam: '检查',
  'generic-name': '药品通用名',
  'lab-item': '检验项目',
  procedure: '手术操作',
  symptom: '症状',
}

export const KNOWN = { role, scenario, group, dictionary }
