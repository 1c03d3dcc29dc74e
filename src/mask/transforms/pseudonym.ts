import { bindSettled } from './marks.ts'
import type { Method, PseudonymScope } from './transform.ts'

const LEFT: Readonly<Record<string, number>> = { recipient: 0.25, pair: 0.23, dataset: 0.21 }

/** A person's name becomes the token of the record's subject: one person, one token, however the name is spelt. */
export const pseudonym: Method = {
  name: 'pseudonym',
  zh: '假名',
  summary: {
    zh: '以带密钥的假名代替，同一范围内同一值得同一假名',
    en: 'a keyed token; the same value has the same token within a scope',
  },
  kinds: ['name', 'identifier', 'phone', 'email', 'address', 'date', 'code', 'text', 'number'],
  params: {
    type: 'object',
    properties: {
      scope: {
        type: 'string',
        enum: ['recipient', 'pair', 'dataset'],
        description: 'within which tokens are the same; without it pair for what a provider issues, else recipient',
      },
    },
    additionalProperties: false,
  },
  idempotent: true,
  references: true,
  leaves: (level, params) => level * (LEFT[String(params['scope'])] ?? 0.25),
  prepare: (params, _element, effects) => {
    const scope = params['scope'] as PseudonymScope | undefined
    return bindSettled(pseudonym, params, effects, (value, place) => {
      if (place.element.id === 'person-name' && place.subject !== null) return place.subject
      return effects.pseudonym(place.element, place.namespace, value, scope)
    })
  },
}
