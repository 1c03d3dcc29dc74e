import { type Detector, spansOf } from './detector.ts'
import { YEARS } from './features.ts'

const AGE =
  /(?<!\d)\d{2,3}\s{0,2}(?:周岁|岁|years? old|y\/?o)|(?:九十[一二三四五六七八九]?|一百(?:零?[一二三四五六七八九]|[一二]?十[一二三四五六七八九]?)?)\s{0,2}周?岁/gi

/** An age over 89 stands for a person by itself (45 CFR 164.514(b)(2)(i)(C)). */
export const age: Detector = {
  name: 'age',
  zh: '九十岁及以上的年龄',
  element: 'age',
  needs: YEARS,
  digits: 0,
  prose: true,
  find: (text) =>
    spansOf(AGE, text, (m) => {
      const years = Number.parseInt(m, 10)
      // 90岁及以上 is what an age over 89 becomes.
      return Number.isNaN(years) || (years > 89 && years < 150)
    }).filter(({ end }) => !text.startsWith('及以上', end)),
}
