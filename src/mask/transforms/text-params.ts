/** The parameter both methods for free text have. */
export const DICTIONARY_PARAM = {
  type: ['string', 'array'],
  items: { type: 'string', minLength: 1 },
  minLength: 1,
  minItems: 1,
  maxItems: 32,
  uniqueItems: true,
  description: 'one file of dictionaries/ or a list of them, in order of precedence',
} as const

/** Names in order of precedence; null = the cell names none. */
export function dictionariesOf(params: Readonly<Record<string, unknown>>): readonly string[] | null {
  const named = params['dictionary']
  if (typeof named === 'string') return [named]
  return Array.isArray(named) ? named.map(String) : null
}
