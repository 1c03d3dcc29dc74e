import { KINDS } from '../model.ts'
import type { Method } from './transform.ts'

export const fixed: Method = {
  name: 'fixed',
  zh: '固定值',
  summary: {
    zh: '一律以规则给出的文字代替，长度也不透露',
    en: 'the text of the rule in place of every value; hides the length too',
  },
  kinds: KINDS,
  params: {
    type: 'object',
    properties: {
      text: {
        type: 'string',
        minLength: 1,
        maxLength: 64,
        pattern: '^[^|^~&\\\\\\u0000-\\u001f]*$',
        description: 'what stands in place of the value',
      },
    },
    required: ['text'],
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  leaves: (level) => level * 0.06,
  prepare: (params) => {
    const text = String(params['text'])
    return { method: fixed, params, apply: () => text, keeps: false }
  },
}
