/** One row of a dictionary into its entry; what is wrong with the row alone is told with line and column. */
import type { Reading, Say } from '../../base/fields.ts'
import { nearest } from '../../base/near.ts'
import type { Position } from '../../base/problem.ts'
import { englishValue, type ValueSet, valuesOf, writtenKey, writtenValue } from '../../base/vocabulary.ts'
import { isReal } from '../dates.ts'
import { detect } from '../detectors/index.ts'
import type { DictionaryEntry, TermKind } from '../model.ts'
import { clean } from '../normal.ts'
import { type Column, type Columns, shown } from './columns.ts'
import type { Cell, Row } from './csv.ts'
import { foldTerm, isHan } from './fold.ts'
import { fromNeutral, looksLikeFormula } from './formula.ts'

/** delimiters of HL7, control and format characters, what is no character: a replacement must stand in every format */
const UNSAFE = /[|^~\\&\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u
const MAX_TEXT = 200
const MAX_NAMES = 64

/** A sound row: the entry, whether it is in force at all, and where its aliases stand. */
export interface Draft {
  readonly entry: DictionaryEntry
  readonly status: TermStatus
  readonly aliasesAt: Position
}

export type TermStatus = 'draft' | 'in_review' | 'active' | 'disabled'

/** Null when the row has an error. */
export function readRow(row: Row, columns: Columns, width: number, reading: Reading): Draft | null {
  if (row.length === width) return new RowReader(row, columns, reading).read()
  tellWidth(reading, row, width)
  return null
}

export function tellWidth(reading: Reading, row: Row, width: number): void {
  const { file, line } = row.at(0)
  // A quote in the wrong place shifts all that follows it: it is told already.
  if (reading.problems.all.some((p) => p.file === file && p.line >= line && p.code.startsWith('csv-'))) return
  reading.error(
    row.at(0),
    'dictionary-width',
    { zh: `此行有 ${row.length} 个单元格`, en: `this row has ${row.length} fields` },
    {
      zh: `${width} 个，与表头一致；内容里有逗号的单元格要加引号："甲,乙"`,
      en: `${width}, as the header; a field that holds a comma stands in quotes: "a,b"`,
    },
  )
}

class RowReader {
  readonly #row: Row
  readonly #columns: Columns
  readonly #reading: Reading
  #failed = false

  constructor(row: Row, columns: Columns, reading: Reading) {
    this.#row = row
    this.#columns = columns
    this.#reading = reading
  }

  read(): Draft | null {
    const status = this.#word('status', 'term-status', null)
    const kind = (this.#word('kind', 'term-kind', 'other') ?? 'other') as TermKind
    const mode = (this.#word('mode', 'term-mode', 'field') ?? 'field') as DictionaryEntry['mode']
    if (status === 'active') this.#approval()
    const term = this.#cell('term')
    const replacement = this.#cell('replacement')
    const aliases = this.#list('aliases')
    this.#term(term, aliases, kind, mode)
    for (const name of ['term', 'aliases', 'replacement'] as const) this.#scripts(name, this.#cell(name))
    this.#replacement(replacement)
    this.#formulas()
    const from = this.#day('effective_from')
    const to = this.#day('effective_to')
    if (from !== null && to !== null && from >= to)
      this.#error(
        this.#cell('effective_to').at,
        'dictionary-dates',
        {
          zh: `失效日期 ${to} 不晚于生效日期 ${from}`,
          en: `the row ends on ${to} before it begins on ${from}`,
        },
        { zh: `晚于 ${from} 的日期（失效日当天不再有效）`, en: `a day after ${from} (the end is exclusive)` },
      )
    const roles = this.#list('roles')
    const optional = (name: Column): string | null => this.#cell(name).text || null
    const entry: DictionaryEntry = {
      term: term.text,
      aliases,
      replacement: replacement.text,
      kind,
      mode,
      notBefore: this.#list('not_before'),
      notAfter: this.#list('not_after'),
      roles: roles.length === 0 ? null : roles,
      code: optional('code'),
      codeSystem: optional('code_system'),
      from,
      to,
      batch: optional('batch'),
      author: this.#cell('author').text,
      approver: this.#cell('approver').text,
      at: term.at,
      replacementAt: replacement.at,
    }
    if (this.#failed) return null
    return { entry, status: status as TermStatus, aliasesAt: this.#cell('aliases').at }
  }

  #cell(name: Column): Cell {
    const i = this.#columns.get(name)
    return i === undefined
      ? { text: '', at: this.#row.at(0) }
      : { text: fromNeutral(this.#row.text(i).trim()), at: this.#row.at(i) }
  }

  #list(name: Column): string[] {
    const { text } = this.#cell(name)
    if (text === '') return []
    return text
      .split('|')
      .map((s) => s.trim())
      .filter((s) => s !== '')
  }

  /** A message with its column, as the file calls it: who has a table open sees names there, not how many characters in. */
  #in(name: Column, { zh, en }: Say): Say {
    const column = writtenKey('dictionary-row', name, this.#reading.lang)
    return { zh: `“${column}”列：${zh}`, en: `column "${column}": ${en}` }
  }

  #error(at: Position, code: string, message: Say, expected: Say): void {
    this.#failed = true
    this.#reading.error(at, code, message, expected)
  }

  /** The English word of a closed set; an empty cell is the fallback, or wrong when there is none. */
  #word(name: Column, set: ValueSet, fallback: string | null): string | null {
    const { text, at } = this.#cell(name)
    if (text === '' && fallback !== null) return fallback
    const english = englishValue(set, text)
    if (english !== undefined) return english
    const { lang } = this.#reading
    const words = valuesOf(set).map((v) => writtenValue(set, v, lang))
    const near = nearest(text, words)
    this.#error(
      at,
      `dictionary-${name}`,
      text === ''
        ? this.#in(name, { zh: '此单元格是空的', en: 'this field is empty' })
        : this.#in(name, {
            zh: `“${shown(text)}”不在可用的词之中${near === null ? '' : `，是不是“${near}”？`}`,
            en: `"${shown(text)}" is not one of the words known here${near === null ? '' : `, did you mean "${near}"?`}`,
          }),
      { zh: `以下之一：${words.join('、')}`, en: `one of ${words.join(', ')}` },
    )
    return null
  }

  #approval(): void {
    const author = this.#cell('author')
    const approver = this.#cell('approver')
    if (author.text === '')
      this.#error(
        author.at,
        'dictionary-author',
        { zh: '启用的行没有编写人', en: 'an active row names no author' },
        { zh: '写这一行的人', en: 'the name of who wrote the row' },
      )
    if (approver.text === '')
      this.#error(
        approver.at,
        'dictionary-approver',
        { zh: '启用的行没有审批人', en: 'an active row names no approver' },
        {
          zh: '批准的人，不是编写人；还没有人审批时，状态写“审核中”',
          en: 'who approved it, not the author; status in_review as long as nobody has',
        },
      )
    else if (clean(approver.text).toLowerCase() === clean(author.text).toLowerCase())
      this.#error(
        approver.at,
        'dictionary-approver',
        {
          zh: `审批人“${shown(approver.text)}”就是编写人`,
          en: `the approver "${shown(approver.text)}" is the author as well`,
        },
        {
          zh: '另一个人；还没有人审批时，审批人留空，状态写“审核中”',
          en: 'another person; as long as nobody else has approved, an empty cell here and status in_review',
        },
      )
  }

  #term(term: Cell, aliases: readonly string[], kind: TermKind, mode: DictionaryEntry['mode']): void {
    if (clean(term.text) === '')
      this.#error(
        term.at,
        'dictionary-term',
        { zh: '术语为空', en: 'the term is empty' },
        {
          zh: '要被替换的原文（合并的单元格拆开后逐行填写）；不需要的行请整行删除',
          en: 'the original words (merged cells unmerged, every row filled); a row without them deleted',
        },
      )
    if (aliases.length > MAX_NAMES)
      this.#error(
        this.#cell('aliases').at,
        'dictionary-aliases',
        { zh: `别名有 ${aliases.length} 个`, en: `there are ${aliases.length} aliases` },
        { zh: `至多 ${MAX_NAMES} 个`, en: `at most ${MAX_NAMES}` },
      )
    const names = [{ text: term.text, at: term.at }, ...aliases.map((text) => ({ text, at: this.#cell('aliases').at }))]
    for (const { text, at } of names) {
      if (text.length > MAX_TEXT) this.#tooLong(at, term.at === at ? 'term' : 'aliases')
      else if (mode !== 'field' && text !== '' && isTooShort(text, kind))
        this.#error(
          at,
          'dictionary-short',
          {
            zh: `“${shown(text)}”太短，在文本中会误伤`,
            en: `"${shown(text)}" is too short to be found inside texts without false hits`,
          },
          {
            zh: '至少两个汉字或三个字母，或方式为“字段”',
            en: 'at least two Han characters or three letters, or mode field',
          },
        )
    }
  }

  #replacement({ text, at }: Cell): void {
    const code = 'dictionary-replacement'
    if (text === '')
      this.#error(
        at,
        code,
        { zh: '替换内容为空', en: 'the replacement is empty' },
        {
          zh: '替换后的词，如 肿瘤；要删去原文，用策略里的“否则: 删除”，不用字典',
          en: 'the words that stand in its place, such as 肿瘤; to remove a text use a method, no dictionary',
        },
      )
    if (text.length > MAX_TEXT) this.#tooLong(at, 'replacement')
    if (UNSAFE.test(text))
      this.#error(
        at,
        code,
        {
          zh: `替换内容含有${signOf(text).zh}，它在 HL7 中是分隔符或不可见`,
          en: `the replacement holds ${signOf(text).en}, which parts fields in HL7 or cannot be seen`,
        },
        { zh: '不含 | ^ ~ \\ & 和换行的词', en: 'words without | ^ ~ \\ & and line breaks' },
      )
    else if (detect(text).length > 0 || /\d{5}/.test(text))
      this.#error(
        at,
        code,
        { zh: '替换内容看起来是个人标识（号码）', en: 'the replacement looks like an identifier of a person' },
        {
          zh: '不含号码、不足五位连续数字的词，如 肿瘤',
          en: 'words without such numbers and with fewer than five digits in a row, such as 肿瘤',
        },
      )
  }

  /** A Latin word with a Cyrillic letter in it is another word that looks the same. */
  #scripts(name: Column, { text, at }: Cell): void {
    const found = /\p{Script=Latin}\p{Script=Cyrillic}|\p{Script=Cyrillic}\p{Script=Latin}/u.exec(text)
    if (found === null) return
    const mark = [...found[0]].find((c) => /\p{Script=Cyrillic}/u.test(c))!
    const point = `U+${mark.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
    this.#error(
      at,
      'dictionary-look-alike',
      this.#in(name, {
        zh: `拉丁字母的词里混有形近的西里尔字母（${point}）`,
        en: `a Cyrillic letter (${point}) stands in a Latin word and looks like one of its own`,
      }),
      { zh: '同一种文字的字母', en: 'letters of one script' },
    )
  }

  #tooLong(at: Position, name: Column): void {
    this.#error(at, 'dictionary-long', this.#in(name, { zh: '内容太长', en: 'the text is too long' }), {
      zh: `至多 ${MAX_TEXT} 个字符`,
      en: `at most ${MAX_TEXT} characters`,
    })
  }

  #formulas(): void {
    for (const [name, i] of this.#columns) {
      if (!looksLikeFormula(this.#row.text(i))) continue
      this.#reading.warn(
        this.#row.at(i),
        'dictionary-formula',
        this.#in(name, { zh: '此单元格会被表格软件当作公式', en: 'a spreadsheet takes this cell for a formula' }),
        { zh: '不以 = + - @ 或制表符开头', en: 'a text that does not begin with = + - @ or a tab' },
      )
    }
  }

  #day(name: Column): string | null {
    const { text, at } = this.#cell(name)
    if (text === '') return null
    const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
    if (
      m !== null &&
      isReal({ year: Number(m[1]), month: Number(m[2]), day: Number(m[3]) }) &&
      m[2] !== '00' &&
      m[3] !== '00'
    )
      return text
    this.#error(
      at,
      'dictionary-date',
      this.#in(name, { zh: `“${shown(text)}”不是日期`, en: `"${shown(text)}" is no date` }),
      {
        zh: '真实存在的日期，写成 YYYY-MM-DD，如 2026-11-21',
        en: 'a day that exists, as YYYY-MM-DD, such as 2026-11-21',
      },
    )
    return null
  }
}

/** Short names of analytes and of imaging (K, CT) are what they are; anything else that short is part of other words. */
function isTooShort(text: string, kind: TermKind): boolean {
  const folded = foldTerm(text)
  if (kind === 'analyte') return folded === ''
  const least = isHan(folded.charCodeAt(0)) || kind === 'exam' ? 2 : 3
  return folded.length < least
}

/** The sign a replacement must not hold, as it is seen; one that is not seen by its number. */
function signOf(text: string): Say {
  const sign = UNSAFE.exec(text)?.[0] ?? ''
  const point = `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
  const shown = /[|^~\\&]/.test(sign)
  return shown ? { zh: `“${sign}”`, en: `"${sign}"` } : { zh: `控制字符 ${point}`, en: `the character ${point}` }
}
