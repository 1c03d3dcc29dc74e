/** HL7 v2 in ER7 (HL7 v2.3 to v2.7.1). Selectors: hl7v2-selector.ts; what is read and refused: scan/hl7v2.ts. */
import { isAscii } from 'node:buffer'
import type { RuleSet } from '../model.ts'
import type { Document, Interest, Limits, Reader, ReadHints } from '../plan.ts'
import { Hl7Scanner, nothingScanned } from '../scan/hl7v2.ts'
import type { Layout } from '../site.ts'
import { ESCAPED, type Tape } from '../tape.ts'
import type { Format, ReaderOptions, SelectorError } from './format.ts'
import type { Hl7Site } from './hl7v2-cells.ts'
import { charsetFor, checkAgreement } from './hl7v2-charset.ts'
import { hl7Conflicts } from './hl7v2-conflicts.ts'
import { Hl7Document } from './hl7v2-document.ts'
import { Hl7Program } from './hl7v2-program.ts'
import { isSelectorError, parseSelector } from './hl7v2-selector.ts'

class Hl7Reader implements Reader {
  readonly layout: Layout
  readonly #scanner: Hl7Scanner

  constructor(rules: RuleSet, options: ReaderOptions, interest: Interest) {
    const program = new Hl7Program(rules, options.interfaceId, interest, options.unknownName)
    this.layout = program.layout
    this.#scanner = new Hl7Scanner(program)
  }

  read(source: Buffer, tape: Tape, _limits: Limits, hints: ReadHints): Document {
    const ascii = isAscii(source)
    const charset = charsetFor(source, ascii, hints)
    const scanned = nothingScanned()
    const document = new Hl7Document(source, charset, ascii, this.layout.sites as readonly Hl7Site[], scanned)
    try {
      this.#scanner.scan(source, tape, charset.multibyte, scanned, (start, end, escaped) =>
        document.text(escaped ? ESCAPED : 0, start, end),
      )
      if (!ascii) checkAgreement(source, charset, scanned.messages, hints)
    } catch (error) {
      tape.reset()
      throw error
    }
    return document
  }
}

function check({
  path,
  key,
  pair,
}: {
  path: string | null
  key: string | null
  pair: string | null
}): SelectorError | null {
  if (path === null || key !== null || pair !== null)
    return { error: 'HL7 v2 has no keys or pairs: write SEG-FIELD', offset: 0 }
  const parsed = parseSelector(path)
  return isSelectorError(parsed) ? parsed : null
}

/** `MSH`, `FHS` or `BHS` and a delimiter, after a byte order mark, an MLLP frame byte or blank lines. */
function sniff(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 64)).toString('latin1')
  return /^(?:\xef\xbb\xbf)?[\r\n]*\x0b?(?:MSH|FHS|BHS)[^A-Za-z0-9\s"']/.test(text)
}

export const hl7v2: Format = {
  name: 'hl7v2',
  mediaTypes: ['application/hl7-v2', 'application/hl7-v2+er7', 'x-application/hl7-v2+er7', 'application/edi-hl7'],
  sniff,
  check,
  conflicts: hl7Conflicts,
  compile: (rules, options, interest) => new Hl7Reader(rules, options, interest),
}
