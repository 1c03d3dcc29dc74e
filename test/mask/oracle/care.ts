/**
 * Where drugs, doses, allergies, blood groups, units and charge items stand, told from the standards and domain.md
 * E17-E19 and not from the bindings: what must come through direct care as it went in.
 */
import { componentsOf, type Er7, readEr7 } from './er7.ts'
import { at, member, type Node, readJson, scalars, textOf } from './json.ts'

export const CARE = ['drug', 'dose', 'allergy', 'blood group', 'unit', 'charge item'] as const
export type Care = (typeof CARE)[number]

export interface Found {
  readonly what: Care
  /** record type and path, for the message of a failure */
  readonly where: string
  /** as spelled */
  readonly value: string
}

/** Paths below a resource; of a choice the member as it stands in JSON. */
const FHIR: Readonly<Record<Exclude<Care, 'unit' | 'blood group'>, Readonly<Record<string, readonly string[]>>>> = {
  drug: {
    MedicationRequest: [
      'medicationCodeableConcept',
      'medicationReference.display',
      'substitution.allowedCodeableConcept',
    ],
    MedicationStatement: ['medicationCodeableConcept', 'medicationReference.display'],
    MedicationAdministration: ['medicationCodeableConcept', 'medicationReference.display'],
    MedicationDispense: ['medicationCodeableConcept', 'medicationReference.display'],
    Medication: ['code', 'ingredient.itemCodeableConcept', 'ingredient.itemReference.display', 'ingredient.isActive'],
    MedicationKnowledge: ['code', 'synonym', 'ingredient.itemCodeableConcept', 'ingredient.itemReference.display'],
    Immunization: ['vaccineCode'],
    ImmunizationRecommendation: ['recommendation.vaccineCode', 'recommendation.contraindicatedVaccineCode'],
    ImmunizationEvaluation: ['doseStatus'],
    CarePlan: ['activity.detail.productCodeableConcept', 'activity.detail.productReference.display'],
    Substance: ['code', 'ingredient.substanceCodeableConcept'],
    SupplyRequest: ['itemCodeableConcept', 'itemReference.display'],
    SupplyDelivery: ['suppliedItem.itemCodeableConcept'],
    ActivityDefinition: ['productCodeableConcept'],
    AdverseEvent: ['suspectEntity.instance.display'],
    BiologicallyDerivedProduct: ['productCode'],
  },
  dose: {
    MedicationRequest: [
      'dosageInstruction',
      'dispenseRequest.quantity',
      'dispenseRequest.expectedSupplyDuration',
      'dispenseRequest.initialFill',
      'dispenseRequest.dispenseInterval',
      'dispenseRequest.numberOfRepeatsAllowed',
    ],
    MedicationStatement: ['dosage'],
    MedicationAdministration: ['dosage'],
    MedicationDispense: ['dosageInstruction', 'quantity', 'daysSupply'],
    Medication: ['amount', 'form', 'ingredient.strength'],
    MedicationKnowledge: [
      'amount',
      'doseForm',
      'ingredient.strength',
      'administrationGuidelines.dosage.dosage',
      'intendedRoute',
    ],
    Immunization: [
      'doseQuantity',
      'route',
      'site',
      'protocolApplied.doseNumberPositiveInt',
      'protocolApplied.doseNumberString',
      'protocolApplied.seriesDosesPositiveInt',
      'protocolApplied.seriesDosesString',
    ],
    ImmunizationRecommendation: [
      'recommendation.doseNumberPositiveInt',
      'recommendation.doseNumberString',
      'recommendation.seriesDosesPositiveInt',
      'recommendation.seriesDosesString',
    ],
    ImmunizationEvaluation: [
      'doseNumberPositiveInt',
      'doseNumberString',
      'seriesDosesPositiveInt',
      'seriesDosesString',
    ],
    CarePlan: [
      'activity.detail.dailyAmount',
      'activity.detail.quantity',
      'activity.detail.scheduledTiming',
      'activity.detail.scheduledString',
    ],
    NutritionOrder: ['oralDiet', 'supplement', 'enteralFormula'],
    VisionPrescription: ['lensSpecification'],
    ServiceRequest: ['quantityQuantity', 'quantityRatio', 'occurrenceTiming'],
    SupplyRequest: ['quantity'],
    SupplyDelivery: ['suppliedItem.quantity'],
    ActivityDefinition: ['dosage', 'quantity'],
    Substance: ['instance.quantity', 'ingredient.quantity'],
  },
  allergy: {
    AllergyIntolerance: [
      'code',
      'type',
      'category',
      'criticality',
      'reaction.substance',
      'reaction.manifestation',
      'reaction.description',
      'reaction.severity',
      'reaction.exposureRoute',
    ],
    NutritionOrder: ['excludeFoodModifier', 'foodPreferenceModifier', 'allergyIntolerance.display'],
  },
  'charge item': {
    ChargeItem: ['code', 'quantity', 'productCodeableConcept', 'factorOverride'],
    Claim: ['item.productOrService', 'item.quantity', 'item.detail.productOrService', 'item.detail.quantity'],
    ExplanationOfBenefit: [
      'item.productOrService',
      'item.quantity',
      'addItem.productOrService',
      'item.detail.productOrService',
    ],
    ClaimResponse: ['addItem.productOrService'],
    Invoice: ['lineItem.chargeItemCodeableConcept', 'lineItem.chargeItemReference.display'],
    ChargeItemDefinition: ['code'],
  },
}

const BLOOD = new Set(['882-1', '883-9', '10331-7', '34530-6', '34532-2'])
/** Not of the value itself: notes and numbers of people may stand in them. */
const BESIDE = new Set(['extension', 'modifierExtension', 'id', 'reference', 'note', 'identifier', 'div'])

/** One list for each resource in the text, nested ones by themselves, in order. */
export function careOfFhir(text: string): Found[][] {
  const out: Found[][] = []
  const visit = (node: Node): void => {
    if (node.kind === 'array') node.items.forEach(visit)
    if (node.kind !== 'object') return
    const type = member(node, 'resourceType')
    if (type?.kind === 'scalar') out.push(resource(node, textOf(type.raw)))
    for (const { value } of node.members) visit(value)
  }
  visit(readJson(text))
  return out
}

function resource(node: Node, type: string): Found[] {
  const found: Found[] = []
  const take = (what: Care, below: string, inside: Node): void => {
    for (const { path, raw } of scalars(inside)) {
      if (path.some((key) => BESIDE.has(key) || key.startsWith('_'))) continue
      found.push({ what, where: [type, below, ...path].join('.'), value: raw })
    }
  }
  for (const [what, byType] of Object.entries(FHIR))
    for (const path of byType[type] ?? [])
      for (const inside of at(node, path.split('.'))) take(what as Care, path, inside)
  if (type === 'Observation') {
    const codes = [...at(node, ['code', 'coding', 'code'])].map((n) => (n.kind === 'scalar' ? textOf(n.raw) : ''))
    if (node.kind === 'object' && codes.some((code) => BLOOD.has(code)))
      for (const { key, value } of node.members) if (/^value[A-Z]/.test(key)) take('blood group', key, value)
  }
  for (const { path, raw } of unitsIn(node)) found.push({ what: 'unit', where: [type, ...path].join('.'), value: raw })
  return found
}

/** Unit, system and code of every quantity: an object with a number and a unit. Nested resources count by themselves. */
function* unitsIn(node: Node, path: readonly string[] = []): Generator<{ path: readonly string[]; raw: string }> {
  if (node.kind === 'array') for (const item of node.items) yield* unitsIn(item, path)
  if (node.kind !== 'object') return
  const value = member(node, 'value')
  if (value?.kind === 'scalar' && /^-?\d/.test(value.raw))
    for (const key of ['unit', 'system', 'code', 'comparator']) {
      const one = member(node, key)
      if (one?.kind === 'scalar') yield { path: [...path, key], raw: one.raw }
    }
  for (const { key, value: inner } of node.members)
    if (!BESIDE.has(key) && member(inner, 'resourceType') === undefined && !isResources(inner))
      yield* unitsIn(inner, [...path, key])
}

const isResources = (node: Node): boolean =>
  node.kind === 'array' && node.items.some((item) => member(item, 'resourceType') !== undefined)

/** Fields by what they say; RXE-9, RXA-9 and the like are notes, dates and people stand beside them. */
const HL7: readonly (readonly [Care, string, readonly number[]])[] = [
  ['drug', 'RXE', [2, 31]],
  ['drug', 'RXO', [1, 10, 24]],
  ['drug', 'RXD', [2, 25]],
  ['drug', 'RXA', [5]],
  ['drug', 'RXG', [4]],
  ['drug', 'RXC', [1, 2, 7]],
  ['drug', 'FT1', [29]],
  ['dose', 'RXE', [3, 4, 5, 6, 7, 10, 11, 12, 16, 17, 19, 21, 22, 23, 24, 25, 26, 28, 29]],
  ['dose', 'RXO', [2, 3, 4, 5, 6, 7, 9, 11, 12, 13, 17, 18, 19, 21, 22, 23, 25, 26]],
  ['dose', 'RXD', [4, 5, 6, 8, 12, 14, 15, 16, 17]],
  ['dose', 'RXA', [1, 2, 6, 7, 8, 12, 13, 14]],
  ['dose', 'RXG', [3, 5, 6, 7, 8, 12, 13, 14, 15, 16, 17, 18]],
  ['dose', 'RXC', [3, 4, 5, 6]],
  ['dose', 'RXR', [1, 2, 3, 4, 5, 6]],
  ['dose', 'TQ1', [2, 3, 4, 5, 6, 10, 11, 12, 13, 14]],
  ['allergy', 'AL1', [2, 3, 4, 5]],
  ['allergy', 'IAM', [2, 3, 4, 5, 8, 9, 10]],
  ['unit', 'OBX', [6]],
  ['charge item', 'FT1', [6, 7, 8, 9, 10]],
]

/** One list for each message, in order. */
export const careOfHl7 = (text: string): Found[][] =>
  readEr7(text).map(({ d, segments }) => segments.flatMap((s) => ofSegment(d, s.name, s.fields)))

function ofSegment(d: Er7, name: string, fields: readonly string[]): Found[] {
  const found: Found[] = []
  const take = (what: Care, field: number): void => {
    const value = fields[field] ?? ''
    if (value.replaceAll('"', '') !== '') found.push({ what, where: `${name}-${field}`, value })
  }
  for (const [what, segment, numbers] of HL7) if (segment === name) for (const n of numbers) take(what, n)
  if (name === 'OBX' && componentsOf(d, fields[3] ?? '')[0]!.some((c) => BLOOD.has(c) || /血型|ABO/.test(c)))
    take('blood group', 5)
  return found
}

const KEYS: Readonly<Record<Care, readonly string[]>> = {
  drug: 'ypmc ypbm tym tymc spm spmc drugname tradename genericname medicine 药品名称 商品名 通用名 yzmc yznr'.split(
    ' ',
  ),
  dose: 'dose dosage jl yf yl pc usage frequency 剂量 用法 用量 频次'.split(' '),
  allergy: 'allergy allergies allergyhistory gms gmy 过敏 过敏史 过敏药物'.split(' '),
  'blood group': 'bloodtype bloodgroup xx abo rh 血型'.split(' '),
  unit: 'unit jldw dwbz resultunit 单位'.split(' '),
  'charge item': 'sfxm sfxmmc feename feeitem chargeitem 收费项目'.split(' '),
}

/** The whole payload is one list. */
export function careOfHis(text: string): Found[][] {
  const found: Found[] = []
  for (const { path, raw } of scalars(readJson(text))) {
    const key = (path.at(-1) ?? '')
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s_.\-\u200b-\u200d]/g, '')
    for (const what of CARE) if (KEYS[what].includes(key)) found.push({ what, where: path.join('.'), value: raw })
  }
  return [found]
}

/** The same places, for documents made to fit them. */
export const PLACES = { fhir: FHIR, hl7v2: HL7, his: KEYS } as const
