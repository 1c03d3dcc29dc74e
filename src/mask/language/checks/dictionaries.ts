/**
 * What dictionaries may not do together and where they may not be used: a replacement that another row replaces again,
 * a brand in the place of a drug, and any dictionary of brands in direct care (domain.md 3.4, clinical safety).
 */
import { chainsOf } from '../../dictionary/build.ts'
import { scopesMeet, tellChain } from '../../dictionary/contradictions.ts'
import { isOutsideCare } from '../../dictionary/in-text.ts'
import { termKey } from '../../dictionary/lookup.ts'
import type { Dictionary, DictionaryEntry, Policy } from '../../model.ts'
import { type Checks, line } from './checks.ts'
import { overlaps } from './overlaps.ts'

export function checkDictionaries(checks: Checks): void {
  const { dictionaries, policies } = checks.rules
  const told = new Set<DictionaryEntry>()
  for (const { entry, by } of chainsOf(dictionaries)) {
    told.add(entry)
    tellChain(checks, entry, by, !isBrand(entry, by))
  }
  checkBrands(checks, told)
  for (const policy of policies) {
    if (!policy.directCare) continue
    for (const other of policies) if (other === policy || overlaps(policy, other)) checkCareUse(checks, other)
  }
}

const isBrand = (entry: DictionaryEntry, by: DictionaryEntry): boolean =>
  by.kind === 'generic' && termKey(entry.replacement) === termKey(by.term)

/** Whole fields: a replacement of one file that is a brand of another. Within a file it was told when the file was read. */
function checkBrands(checks: Checks, told: ReadonlySet<DictionaryEntry>): void {
  const brands = new Map<string, { dictionary: string; entries: DictionaryEntry[] }>()
  for (const { id, rows, terms } of checks.rules.dictionaries.values()) {
    if (!rows.some((row) => row.kind === 'generic')) continue
    for (const [key, entries] of terms)
      if (!brands.has(key))
        brands.set(key, { dictionary: id, entries: entries.filter((entry) => entry.kind === 'generic') })
  }
  if (brands.size === 0) return
  for (const { id, rows } of checks.rules.dictionaries.values())
    for (const entry of rows) {
      const brand = brands.get(termKey(entry.replacement))
      const by = brand?.entries.find((other) => scopesMeet(other, entry))
      if (by !== undefined && brand?.dictionary !== id && !told.has(entry)) tellChain(checks, entry, by, false)
    }
}

function checkCareUse(checks: Checks, policy: Policy): void {
  for (const cells of policy.cells.values())
    for (const cell of cells) {
      const dictionary =
        cell.method === 'substitute' ? checks.rules.dictionaries.get(String(cell.params['dictionary'])) : undefined
      const row = dictionary === undefined ? undefined : outsideCare(dictionary)
      if (row === undefined) continue
      checks.error(
        cell.at,
        'dictionary-in-care',
        {
          zh: `直接诊疗不得使用替换药品的字典（${line(row.at)}）`,
          en: `a dictionary that replaces drugs must not be used in direct care (${line(row.at)})`,
        },
        { zh: '保留，或不含药品的字典', en: 'keep, or a dictionary without drugs' },
      )
    }
}

const outsideCare = (dictionary: Dictionary): DictionaryEntry | undefined =>
  dictionary.rows.find((row) => row.mode !== 'text' && isOutsideCare(row.kind))
