import { besideMark } from './by-place.ts'

export const maskBefore = besideMark('before', 0.55, {
  name: 'mask-before',
  zh: '符前掩码',
  summary: {
    zh: '以 *** 代替首个标记符之前的内容；没有标记符时全部遮盖',
    en: '*** instead of all before the mark; a value without one is hidden whole',
  },
})
