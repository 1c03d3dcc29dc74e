import { bindSettled } from './marks.ts'
import { keyedOf, type Method } from './transform.ts'

/** The id is drawn, not reckoned: when the dataset's map is destroyed, no key on earth leads back. */
export const randomId: Method = {
  name: 'random-id',
  zh: '随机编号',
  summary: {
    zh: '以随机编号代替，同一数据集内同一值得同一编号；对照表可销毁，销毁后无法还原',
    en: 'a random id, the same for the same value within a dataset; its map can be destroyed, after which nothing leads back',
  },
  kinds: ['name', 'identifier', 'phone', 'email', 'code', 'text'],
  params: {
    type: 'object',
    properties: {
      dataset: {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9-]{0,63}$',
        default: 'this-project',
        description: 'this-project (the project of the token), or the name of a dataset',
      },
    },
    additionalProperties: false,
  },
  idempotent: false,
  references: false,
  leaves: (level) => level * 0.18,
  prepare: (params, _element, effects) => {
    const keyed = keyedOf(effects)
    const dataset = String(params['dataset'] ?? 'this-project')
    return bindSettled(randomId, params, effects, (value, place) =>
      keyed.randomId(dataset, place.element, place.namespace, value),
    )
  },
}
