/** What is wrong with a YAML text, in the words of those who write rules: nothing of the parser's own language. */
import type { Say } from './problem.ts'

type Told = readonly [message: Say, expected: Say]

const BLANKS: Say = {
  zh: '只用空格缩进，同一层的行对齐，如“  姓名: 假名”',
  en: 'blanks only, lines of one level below each other, such as "  person-name: pseudonym"',
}
const COLON: Say = {
  zh: '半角冒号加一个空格，如 姓名: 假名',
  en: 'a colon and a blank, such as `person-name: pseudonym`',
}
const FLOW: Say = {
  zh: '括号成对、半角，各项用半角逗号分开，如 { 方法: 年龄段, 宽度: 5 } 或 [a, b]',
  en: 'brackets in pairs and commas between items, such as { method: age-band, width: 5 } or [a, b]',
}
const QUOTED: Say = {
  zh: "整个值放进半角引号，如 '^[0-9]+$'",
  en: "the whole value in straight quotes, such as '^[0-9]+$'",
}

/** By problem code; `what` is a key, a sign or a number of the text, `line` another line it has to do with. */
export const YAML_WORDS = {
  'yaml-empty': () => [
    { zh: '文件是空的', en: 'the file is empty' },
    { zh: '“键: 值”的各行；不需要的文件请删除', en: '`key: value` lines; delete a file that is not needed' },
  ],
  'yaml-documents': () => [
    { zh: '这里开始了第二个文档（---）', en: 'a second document starts here (---)' },
    {
      zh: '每个文件一个文档：删去 --- 或另存为文件',
      en: 'one document per file: without ---, or in a file of its own',
    },
  ],
  'yaml-tab': () => [{ zh: '缩进用了制表符（Tab）', en: 'a tab is used for indentation' }, BLANKS],
  'yaml-colon': (what) => [
    { zh: `“${what}”之后是全角冒号“：”`, en: `a full-width colon (：) stands behind "${what}"` },
    COLON,
  ],
  'yaml-blank': (what) => [
    { zh: `“${what}”的冒号之后没有空格`, en: `no blank stands behind the colon of "${what}"` },
    COLON,
  ],
  'yaml-width': (what) => [{ zh: `这里是全角符号“${what}”`, en: `a full-width ${what} stands here` }, FLOW],
  'yaml-bracket': (what) => [{ zh: `括号“${what}”没有成对`, en: `the bracket ${what} has no partner` }, FLOW],
  'yaml-quotes': (what) => [
    {
      zh: `值写在中文引号“${what}”里，引号会成为值的一部分`,
      en: `the value stands in the quotes ${what}, which would be part of it`,
    },
    { zh: '不加引号，或用半角引号 "…"', en: 'no quotes, or straight ones "..."' },
  ],
  'yaml-open-quote': () => [
    { zh: '此处开始的引号没有结束', en: 'the quote that opens here is never closed' },
    { zh: '同一行末尾的结束引号', en: 'a closing quote at the end of the same line' },
  ],
  'yaml-escape': () => [
    { zh: '双引号内的反斜杠是转义', en: 'a backslash in double quotes is an escape' },
    { zh: "单引号，如 '\\d+'", en: "single quotes, such as '\\d+'" },
  ],
  'yaml-sign': (what) => [{ zh: `值不能以“${what}”开头`, en: `a value cannot begin with ${what}` }, QUOTED],
  'yaml-indent': (what, line) => [
    {
      zh: `这一行的缩进与相邻的第 ${line} 行不一致`,
      en: `this line is not indented as its neighbour, line ${line}, is`,
    },
    {
      zh: `${what} 个空格；下一层的内容写在以冒号结尾的行之下`,
      en: `${what} blanks; what belongs deeper stands below a line that ends with a colon`,
    },
  ],
  'yaml-dash': (_, line) => [
    {
      zh: `第 ${line} 行以“- ”开头，是列表的一项，这一行却没有“- ”`,
      en: `line ${line} begins with a dash and is an item of a list, this line is none`,
    },
    {
      zh: '同一层要么每行以“- ”开头并对齐，要么都不写',
      en: '`- ` before every line of one level, or before none of them',
    },
  ],
  'yaml-line': () => [{ zh: '这一行没有“键: 值”', en: 'this line holds no `key: value`' }, COLON],
  'yaml-syntax': () => [
    { zh: '从这里起不是 YAML', en: 'from here on this is no YAML' },
    {
      zh: '“键: 值”的各行，同一层对齐；特殊符号开头的值加引号',
      en: '`key: value` lines, those of one level below each other; quotes around a value that begins with a sign',
    },
  ],
  'yaml-depth': () => [
    { zh: '嵌套过深', en: 'the file is nested too deeply' },
    { zh: '至多 64 层', en: 'at most 64 levels' },
  ],
  'yaml-alias': () => [
    { zh: '值以 * 开头，即别名，不允许', en: 'the value begins with *: an alias, which is not admitted' },
    { zh: '把值写全；要写星号本身就加引号，如 "*"', en: 'the value written out; a star itself in quotes, such as "*"' },
  ],
  'yaml-anchor': () => [
    { zh: '这里有锚点（&），不允许', en: 'anchors are not admitted: an & stands here' },
    { zh: '值前没有 &；要写 & 本身就加引号', en: 'no & before the value; an & itself in quotes' },
  ],
  'yaml-tag': () => [
    { zh: '这里有标签（!），不允许', en: 'tags are not admitted: an ! stands here' },
    { zh: '普通值；要写 ! 本身就加引号', en: 'a plain value; an ! itself in quotes' },
  ],
  'yaml-node': () => [
    { zh: '不允许这种值', en: 'this kind of value is not admitted' },
    { zh: '映射、列表或单个值', en: 'a map, list or scalar' },
  ],
  'yaml-key': () => [
    { zh: '键必须是普通文字', en: 'a key must be plain text' },
    { zh: '冒号前的一个词', en: 'a word before the colon' },
  ],
  'yaml-merge': () => [
    { zh: '不允许合并键（<<）', en: 'merge keys (<<) are not admitted' },
    { zh: '把键写全', en: 'the keys written out' },
  ],
  'yaml-duplicate-key': (what, line) => [
    { zh: `键“${what}”第二次出现`, en: `the key "${what}" stands here a second time` },
    { zh: `只写一个“${what}”（第一个在第 ${line} 行）`, en: `one "${what}" (first at line ${line})` },
  ],
} as const satisfies Readonly<Record<string, (what: string, line: number) => Told>>

export type YamlCode = keyof typeof YAML_WORDS
