import { besideMark } from './by-place.ts'

export const maskAfter = besideMark('after', 0.56, {
  name: 'mask-after',
  zh: '符后掩码',
  summary: {
    zh: '以 *** 代替首个标记符之后的内容；没有标记符时全部遮盖',
    en: '*** instead of all after the mark; a value without one is hidden whole',
  },
})
