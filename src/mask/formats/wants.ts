/** Which elements' leaves must reach the tape under an interest (plan.ts): the rest is skipped at scanning speed. */
import type { Element } from '../model.ts'
import type { Interest } from '../plan.ts'

const AGES: ReadonlySet<string> = new Set(['birth-date', 'age', 'resident-id'])
const SUBJECTS: ReadonlySet<string> = new Set([
  'person-name',
  'resident-id',
  'record-no',
  'inpatient-no',
  'outpatient-no',
])

/** The same without what is kept and only asked for another element's numbers: whose composites are treated. */
export function treated(interest: Interest): (element: Element) => boolean {
  const { element, asked } = interest
  return wanted(asked === undefined ? interest : { ...interest, element: (e) => element(e) && !asked(e) })
}

export function wanted(interest: Interest): (element: Element) => boolean {
  const known = new Map<Element, boolean>()
  return (element) => {
    let wants = known.get(element)
    if (wants === undefined) {
      wants =
        interest.element(element) ||
        (interest.levelSearch && (element.sign !== null || AGES.has(element.id))) ||
        (interest.subject && SUBJECTS.has(element.id)) ||
        (interest.owner === true && element.id === 'resource-id')
      known.set(element, wants)
    }
    return wants
  }
}
