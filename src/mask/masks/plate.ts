/** Number plates (GA 36): 渝A12345 -> 渝A1***5, 渝AD12345 -> 渝AD****5, else 渝A*** (domain.md E14). */
import { PLATE_REGIONS } from '../detectors/plate-regions.ts'
import { MARK } from '../transforms/marks.ts'

const HEAD = new RegExp(`^[${PLATE_REGIONS}][A-Z]`)
const END = '[A-Z0-9挂学警港澳]'
// Hidden places admit mask characters: the mask's own output comes out again unchanged.
const ORDINARY = new RegExp(`^..[A-Z0-9](?:[A-Z0-9]|[*?]){3}${END}$`)
const ENERGY = new RegExp(`^..[A-Z0-9](?:[A-Z0-9]|[*?]){4}${END}$`)

export function maskPlate(value: string, char: string): string {
  const plate = value.replace(/[·\s-]/g, '').toUpperCase()
  if (plate.length < 4 || !HEAD.test(plate)) return MARK
  if (ORDINARY.test(plate)) return plate.slice(0, 3) + char.repeat(3) + plate.slice(-1)
  if (ENERGY.test(plate)) return plate.slice(0, 3) + char.repeat(4) + plate.slice(-1)
  return plate.slice(0, 2) + char.repeat(3)
}
