import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isGatewayError } from '../../../src/base/errors.ts'
import { Edits } from '../../../src/base/splice.ts'
import { OPEN, TYPE_MASK } from '../../../src/mask/tape.ts'
import { edit, elements, er7, MSH, type Read, read, readerOf } from '../formats/hl7v2-fixtures.ts'

const reader = readerOf(null)
const texts = (found: Read): Record<string, string> => Object.fromEntries(found.leaves.map((l) => [l.address, l.text]))

function refused(source: string | Buffer, code: string, offset?: number): void {
  assert.throws(
    () => read(reader, source),
    (e: unknown) => isGatewayError(e) && e.code === code && (offset === undefined || e.hints.offset === offset),
  )
}

test('MSH-3 is the first field after MSH-2, and MSH-1 and -2 are never leaves', () => {
  const found = texts(read(reader, er7(MSH)))
  assert.equal(found['MSH-3'], 'HIS')
  assert.equal(found['MSH-10'], 'MSG00001')
  assert.equal(found['MSH-18'], 'UNICODE UTF-8')
  assert.ok(!('MSH-1' in found) && !('MSH-2' in found))
})

test('X41: delimiters come from the message', () => {
  const found = read(reader, 'MSH#@%$!#HIS#H\rPID#1##0012@@@H0001@MR%500103199003070025@@@MPS@NNCHN##张三丰!x@y\r')
  assert.deepEqual(
    { ...elements(found) },
    {
      'MSH-3': 'structure',
      'MSH-4': 'structure',
      'PID-1': 'structure',
      'PID-3[1].1': 'record-no',
      'PID-3[1].4': 'record-no',
      'PID-3[1].5': 'record-no',
      'PID-3[2].1': 'resident-id',
      'PID-3[2].4': 'resident-id',
      'PID-3[2].5': 'resident-id',
      'PID-5.1.1': 'person-name',
      'PID-5.1.2': 'person-name',
      'PID-5.2': 'person-name',
    },
  )
  const swapped = read(reader, 'MSH|~^\\&|A\rPID|||1~~~H~MR^2~~~H~NNCHN||张三丰~三\r')
  assert.equal(elements(swapped)['PID-3[2].1'], 'resident-id')
  assert.equal(texts(swapped)['PID-5.2'], '三')
})

test('X42: what is no message, or no legal set of delimiters, is refused with the offset', () => {
  refused('', 'PAYLOAD_UNPARSEABLE', 0)
  refused('PID|1\r', 'PAYLOAD_UNPARSEABLE', 0)
  refused('msh|^~\\&|A\r', 'PAYLOAD_UNPARSEABLE', 0)
  refused('x MSH|^~\\&|A\r', 'PAYLOAD_UNPARSEABLE', 0)
  refused(er7(MSH, 'PID|1', 'msh|^~\\&|A'), 'PAYLOAD_UNPARSEABLE', MSH.length + 7)
  for (const bad of [
    'MSHa^~\\&a',
    'MSH|^^\\&|',
    'MSH|^~\\A|',
    'MSH|^~\\1|',
    'MSH|^~"&|',
    "MSH|^~'&|",
    'MSH|^~ &|',
    'MSH|^~|',
    'MSH|^~\\&#!|',
    'MSH|',
    'MSH',
    'MSH\r',
    'MSH|^~\\\t|',
    'MSH|^~\\é|',
  ])
    refused(`${bad}A\r`, 'PAYLOAD_UNPARSEABLE')
  refused('FHS|^~\\&|A\rPID|1\r', 'PAYLOAD_UNPARSEABLE', 11)
  refused('BHS|^~\\&|A\rMSH|^~\\&|A\rBTS|1\rPID|1\r', 'PAYLOAD_UNPARSEABLE', 28)
})

test('X42: a second MSH begins a message of its own, with its own delimiters', () => {
  const found = read(
    reader,
    er7('MSH|^~\\&|A', 'PID|||||张^三', 'MSH#@%$!#B', 'PID#####李@四', 'MSH|^~\\&|C', 'PID|||||王^五'),
  )
  assert.equal(found.doc.rows(), 3)
  assert.deepEqual(texts(found), {
    'message[1]/MSH-3': 'A',
    'message[1]/PID-5.1': '张',
    'message[1]/PID-5.2': '三',
    'message[2]/MSH-3': 'B',
    'message[2]/PID-5.1': '李',
    'message[2]/PID-5.2': '四',
    'message[3]/MSH-3': 'C',
    'message[3]/PID-5.1': '王',
    'message[3]/PID-5.2': '五',
  })
})

test('X43: CR, LF, CRLF and blank lines end segments alike', () => {
  const segments = [MSH, 'PID|1||7||张三', 'NK1|1|李四']
  const expected = texts(read(reader, segments.join('\r')))
  for (const end of ['\n', '\r\n', '\r\r\n\n', '\n \t\n'])
    for (const tail of ['', end])
      assert.deepEqual(texts(read(reader, segments.join(end) + tail)), expected, JSON.stringify(end + tail))
  assert.deepEqual(texts(read(reader, `\ufeff${segments.join('\r')}`)), expected)
  assert.deepEqual(texts(read(reader, `\r\n${segments.join('\r')}`)), expected)
})

test('X43: a line that is no segment belongs to the value before it, delimiters and all', () => {
  const found = read(reader, er7(MSH, 'NTE|1||first', 'second', 'PID |1|third^x', 'ZPI|4'))
  assert.deepEqual(
    found.leaves.filter((l) => !l.address.startsWith('MSH')).map((l) => l.text),
    ['1', 'first\rsecond\rPID ', '1', 'third', 'x', '4'],
  )
  assert.equal(edit(found, { 'NTE-3': '***' }).toString(), er7(MSH, 'NTE|1||***|1|third^x', 'ZPI|4'))
})

test('MLLP frame bytes around messages are kept and belong to them', () => {
  const framed = `\x0b${er7(MSH, 'PID|||7')}\x1c\r\x0b${er7(MSH, 'PID|||8')}\x1c\r`
  const found = read(reader, framed)
  assert.equal(found.doc.rows(), 2)
  assert.equal(texts(found)['message[2]/PID-3'], '8')
  assert.equal(edit(found, { 'message[1]/PID-3': null }).toString(), framed.replace('7', ''))
  assert.equal(texts(read(reader, `\x0b${MSH}\rNTE|1||a\x0bb\x1cc\x1c\r`))['NTE-3'], 'a\x0bb\x1cc')
})

test('the escape character without a partner is a letter, and `""` and empty values are no leaves', () => {
  const found = read(reader, er7(MSH, 'PID|1||""||""^三~""|||""', 'NTE|1||C:\\temp\\new\\a'))
  assert.equal(texts(found)['NTE-3'], 'C:\\temp\\new\\a')
  assert.deepEqual(
    Object.keys(texts(found)).filter((a) => a.startsWith('PID')),
    ['PID-1', 'PID-5[1].2'],
  )
})

test('X47: a dropped record takes its frame along, and the declared counts follow', () => {
  const message = (n: number): string => er7('MSH|^~\\&|A', `PID|||${n}`)
  const batch = (count: string, ...messages: string[]): string => `BHS|^~\\&|B\r${messages.join('')}BTS|${count}|x\r`
  const drop = (source: string, ...which: number[]): string => {
    const { doc, tape } = read(reader, source)
    const edits = new Edits()
    let n = 0
    for (let i = 0; i < tape.count; i++) {
      const [head, scope, start, close] = tape.words.subarray(i << 2, (i << 2) + 4) as unknown as [
        number,
        number,
        number,
        number,
      ]
      if ((head & TYPE_MASK) !== OPEN || !reader.layout.scopes[scope]!.record) continue
      if (which.includes(n++)) doc.removeScope(edits, scope, start, tape.words[(close << 2) + 2]!)
    }
    return doc.finish(edits).toString()
  }
  const file = (...parts: string[]): string => `FHS|^~\\&|F\r${parts.join('')}FTS|2|y\r`
  assert.equal(
    drop(file(batch('2', message(1), message(2)), batch('3', message(3), message(4), message(5))), 1, 2, 4),
    file(batch('1', message(1)), batch('1', message(4))),
  )
  assert.equal(drop(batch('1', message(1)), 0), batch('0'))
  assert.equal(drop(batch('9', message(1), message(2)), 0), batch('1', message(2)))
  assert.equal(drop(batch('', message(1), message(2)), 0), batch('', message(2)))
  // Without batches the file's count is of messages.
  assert.equal(drop(file(message(1), message(2)), 1), `FHS|^~\\&|F\r${message(1)}FTS|1|y\r`)
})

test('reading takes time in proportion to length', () => {
  const long = (n: number): string[] => [
    er7(MSH, `NTE|1||${'\r'.repeat(n)}x`),
    er7(MSH, `NTE|1||${'a\r'.repeat(n)}`),
    er7(MSH, `NTE|1||${'\\'.repeat(n)}`),
    er7(MSH, `NTE|1||${'\\X3'.repeat(n)}`),
    er7(MSH, `NTE|1||${'\x1c'.repeat(n)}`),
    er7(MSH, `PID|||${'^&~'.repeat(n)}`),
    er7(MSH, `PID|||${'1~'.repeat(n)}`),
    er7(MSH, `ZZZ${'|1'.repeat(n)}`),
  ]
  const cost = (source: string): number => {
    const before = process.cpuUsage()
    const { doc, tape } = read(reader, source)
    assert.ok(tape.count > 0 && doc.rows() === 1)
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  for (const source of long(1_000)) cost(source)
  const small = long(20_000).map(cost)
  const large = long(160_000).map(cost)
  for (const [i, us] of large.entries())
    assert.ok(us < 8 * 6 * Math.max(small[i]!, 5_000), `case ${i}: ${small[i]} us, then ${us} us`)
})
