/** Character sets, escapes, and that nothing but the edited bytes changes. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import iconv from 'iconv-lite'
import { isGatewayError } from '../../../src/base/errors.ts'
import { charsetNamed, GB18030, GBK, wellFormedGb } from '../../../src/mask/formats/charset.ts'
import { edit, er7, MSH, NO_HINTS, type Read, read, readerOf } from './hl7v2-fixtures.ts'

const reader = readerOf(null)
const header = (charset: string): string => MSH.replace('UNICODE UTF-8', charset)
const texts = (found: Read): Record<string, string> => Object.fromEntries(found.leaves.map((l) => [l.address, l.text]))
const hints = (charset: string | null, entryCharset: string | null = null) => ({ charset, entryCharset })
const code = (source: Buffer | string, given = NO_HINTS): string => {
  try {
    read(reader, source, given)
    return 'read'
  } catch (error) {
    assert.ok(isGatewayError(error), String(error))
    return error.code
  }
}

test('GBK: a second byte that looks like a delimiter cuts nothing', () => {
  const trap = er7(header('GBK'), 'PID|1||1^^^億&1^MR||张瑋^葉~億億^葉葉|||F', 'NTE|1||瑋葉億')
  for (const label of ['GBK', 'GB2312', 'GB18030', 'GB 18030-2000', 'ASCII', '']) {
    const bytes = iconv.encode(trap.replace('|CHN|GBK', `|CHN|${label}`), 'gbk')
    assert.ok(bytes.includes(0x7c))
    const found = read(reader, bytes)
    const { 'PID-5[1].1': family, 'PID-5[1].2': given, 'PID-5[2].2': second, 'NTE-3': note } = texts(found)
    assert.deepEqual([family, given, second, note], ['张瑋', '葉', '葉葉', '瑋葉億'], label)
    const out = edit(found, { 'PID-5[1].1': '张**', 'PID-5[1].2': null, 'NTE-3': '重庆市***' })
    const expected = trap
      .replace('|CHN|GBK', `|CHN|${label}`)
      .replace('张瑋^葉', '张**^')
      .replace('瑋葉億\r', '重庆市***\r')
    assert.deepEqual(out, iconv.encode(expected, 'gbk'), label)
    assert.equal(found.doc.authority(found.tape, found.leaves.find((l) => l.address === 'PID-3.1')!.index), '億')
  }
})

test('GB18030: four-byte codes hold digits as bytes 2 and 4', () => {
  const source = er7(header('GB 18030-2000'), 'PID|||||𠮷田^ñ|||', 'NTE|1||€𠮷|')
  const bytes = iconv.encode(source, 'gb18030')
  const found = read(reader, bytes)
  assert.deepEqual([texts(found)['PID-5.1'], texts(found)['PID-5.2'], texts(found)['NTE-3']], ['𠮷田', 'ñ', '€𠮷'])
  assert.deepEqual(edit(found, { 'PID-5.1': '𠮷**' }), iconv.encode(source.replace('𠮷田', '𠮷**'), 'gb18030'))
})

test('a character the set cannot say becomes *', () => {
  assert.equal(GBK.encode('张𠮷＊☃x').toString('hex'), iconv.encode('张*＊*x', 'gbk').toString('hex'))
  assert.equal(GB18030.encode('张😀').toString('hex'), iconv.encode('张😀', 'gb18030').toString('hex'))
  const found = read(reader, er7(header('8859/1'), 'PID|||||Jose'))
  assert.equal(edit(found, { 'PID-5': 'José张' }).toString('latin1'), er7(header('8859/1'), 'PID|||||José*'))
  const ascii = read(reader, er7(header('ASCII'), 'PID|||||Jose'))
  assert.equal(edit(ascii, { 'PID-5': '35岁' }).toString('latin1'), er7(header('ASCII'), 'PID|||||35*'))
})

test('which set: entry, then HTTP, then MSH-18, then strict UTF-8, then GB18030', () => {
  const name = (label: string, encoding: string, given = NO_HINTS): string | undefined =>
    texts(read(reader, iconv.encode(er7(header(label), 'PID|||||张三'), encoding), given))['PID-5']
  assert.equal(name('', 'utf8'), '张三')
  assert.equal(name('', 'gbk'), '张三')
  assert.equal(name('UNICODE', 'utf8'), '张三')
  assert.equal(name('UTF-8~GBK', 'utf8'), '张三')
  assert.equal(name('UTF-8', 'gbk', hints('gbk')), '张三')
  assert.equal(name('GBK', 'utf8', hints('gbk', 'utf-8')), '张三')
  assert.equal(name('8859/1', 'utf8'), '张三', 'X48: UTF-8 under a single-byte label')
  assert.equal(name('8859/1', 'latin1', hints(null, 'iso-8859-1')), '??')
})

test('what cannot be read for sure is refused with a code', () => {
  const gbk = (text: string): Buffer => iconv.encode(text, 'gbk')
  assert.equal(code(gbk(er7(header('UTF-8'), 'PID|||||张三'))), 'PAYLOAD_UNPARSEABLE')
  assert.equal(
    code(Buffer.concat([Buffer.from(`${header('')}\rPID|||||`), Buffer.from([0xff, 0x0d])])),
    'PAYLOAD_UNPARSEABLE',
  )
  assert.equal(
    code(Buffer.concat([Buffer.from(`${header('GBK')}\rPID|||||`), Buffer.from([0xd5, 0x0d])])),
    'PAYLOAD_UNPARSEABLE',
  )
  for (const label of ['UNICODE UTF-16', 'BIG-5', 'CNS 11643-1992', 'ISO IR87', 'nonsense'])
    assert.equal(code(er7(header(label))), 'UNSUPPORTED_CHARSET', label)
  assert.equal(code(iconv.encode(er7(MSH), 'utf16le', { addBOM: true })), 'UNSUPPORTED_CHARSET')
  assert.equal(code(iconv.encode(er7(MSH), 'utf16be')), 'UNSUPPORTED_CHARSET')
  assert.equal(code(er7(MSH), hints('utf-16')), 'UNSUPPORTED_CHARSET')
  assert.equal(
    code(gbk(er7(header('8859/1'), 'PID|||||张瑋|x'))),
    'UNSUPPORTED_CHARSET',
    'X48: GBK under a single-byte label',
  )
  assert.equal(code(er7(header('GBK'), 'PID|||||张|三')), 'UNSUPPORTED_CHARSET', 'X48: UTF-8 under GBK')
  assert.equal(
    code(Buffer.concat([gbk(er7(header('GBK'), 'PID|||||张')), Buffer.from(er7(MSH))])),
    'UNSUPPORTED_CHARSET',
  )
})

test('labels of table 0211 and of Chinese senders', () => {
  for (const [label, name] of [
    ['UNICODE UTF-8', 'utf-8'],
    ['utf8', 'utf-8'],
    ['UNICODE', 'utf-8'],
    ['GB 18030-2000', 'gb18030'],
    ['GBK', 'gbk'],
    ['gb_2312-80', 'gbk'],
    ['windows-936', 'gbk'],
    ['ASCII', 'us-ascii'],
    ['8859/1', 'iso-8859-1'],
    ['iso-8859-15', 'iso-8859-15'],
    ['BIG-5', undefined],
    ['UNICODE UTF-16', undefined],
  ] as const)
    assert.equal(charsetNamed(label)?.name, name, label)
  assert.equal(charsetNamed(' '), null)
  assert.ok(
    !wellFormedGb(Buffer.from([0x81, 0x30, 0x81])) &&
      !wellFormedGb(Buffer.from([0x80])) &&
      wellFormedGb(Buffer.from([0x81, 0x30, 0x81, 0x30])),
  )
})

test('X45: escapes are read before detection', () => {
  const note = (written: string, charset = 'UNICODE UTF-8'): string | undefined =>
    texts(read(reader, er7(header(charset), `NTE|1||${written}`)))['NTE-3']
  assert.equal(note('a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f'), 'a|b^c&d~e\\f')
  assert.equal(note('\\X31333831\\2345678'), '13812345678')
  assert.equal(note('\\X31\\\\X33\\\\X38\\12345678'), '13812345678')
  assert.equal(note('\\XE5BCA0\\'), '张')
  assert.equal(note('\\XE5\\\\XBCA0\\三'), '张三')
  assert.equal(note('\\XD5C5\\', 'GBK'), '张')
  assert.equal(note('138\\H\\1234\\N\\5678'), '13812345678')
  assert.equal(note('a\\.br\\b\\.sp3\\c\\.in+4\\d'), 'a\nb\nc\nd')
  assert.equal(note('\\C2842\\a\\M244252\\b'), 'ab')
  assert.equal(note('\\Zab\\c\\X3\\d\\XZZ\\e\\Q\\'), '\\Zab\\c\\X3\\d\\XZZ\\e\\Q\\')
  assert.equal(note('C:\\新建\\X31\\'), 'C:\\新建1')
  assert.equal(note('\\'), '\\')
})

test('results are escaped with the message’s own delimiters', () => {
  for (const [head, own] of [
    ['MSH|^~\\&|A', 'PID|||||x'],
    ['MSH#@%$!|#A', 'PID#####x'],
  ] as const) {
    const found = read(reader, er7(head, own))
    for (const to of ['a|b^c~d\\e&f', '#@%$!|', 'x\ry\nz\x00', '\\X31\\', '|', '""x']) {
      const again = read(reader, edit(found, { 'PID-5': to }))
      assert.equal(texts(again)['PID-5'], to, JSON.stringify([head, to]))
      assert.deepEqual(
        again.leaves.map((l) => l.address),
        found.leaves.map((l) => l.address),
      )
    }
  }
})

test('plain values may be edited as bytes, others not', () => {
  const plain = (source: Buffer | string): boolean[] => {
    const { doc, tape, leaves } = read(reader, source)
    return leaves
      .filter((l) => l.address.startsWith('PID'))
      .map(({ index }) =>
        doc.plain(
          ...(tape.words.slice(index << 2, (index << 2) + 4).filter((_, i) => i !== 1) as unknown as [
            number,
            number,
            number,
          ]),
        ),
      )
  }
  assert.deepEqual(plain(er7(MSH, 'PID|||||张^\\T\\')), [true, false])
  assert.deepEqual(plain(iconv.encode(er7(header('GBK'), 'PID|||||张^a'), 'gbk')), [false, false])
  assert.deepEqual(plain(er7(header('GBK'), 'PID|||||a^b')), [true, true])
})

/** Small deterministic generator: the same messages in every run. */
function random(seed: number): (n: number) => number {
  let s = seed
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0
    return (s >>> 8) % n
  }
}

const WORDS = [
  '',
  '',
  '1',
  '张三',
  '瑋葉億',
  '19900307',
  '""',
  'a\\T\\b',
  '\\X41\\',
  'C:\\x',
  '13812345678',
  '甲\n乙',
  'x y',
  'MR',
  'NNCHN',
  'A',
]
const SEGMENTS = ['PID', 'NK1', 'PV1', 'OBX', 'NTE', 'ZPI', 'QQQ', 'IN1', 'OBR']

function message(pick: (n: number) => number, d: string): string {
  const [f, c, r, e, s] = d as unknown as [string, string, string, string, string]
  const value = (): string => WORDS[pick(WORDS.length)]!.replaceAll('\\', e)
  const list = (n: number, between: string, one: () => string): string =>
    Array.from({ length: 1 + pick(n) }, one).join(between)
  const field = (): string =>
    pick(3) === 0 ? '' : list(3, r, () => list(6, c, () => list(pick(8) === 0 ? 3 : 1, s, value)))
  const end = ['\r', '\n', '\r\n', '\r\n\r'][pick(4)]!
  const lines = [
    `MSH${f}${c}${r}${e}${s}${f}HIS`,
    ...Array.from({ length: 1 + pick(6) }, () => SEGMENTS[pick(SEGMENTS.length)]! + f + list(12, f, field)),
  ]
  return lines.join(end) + end
}

test('property: an edited leaf reads back as written, and every other byte stays', () => {
  const pick = random(7)
  const RESULTS = ['***', '张**', 'a|^~\\&b', '', '#@%$!', 'P2345']
  for (let round = 0; round < 600; round++) {
    const encoding = ['utf8', 'gbk'][pick(2)]!
    const source = iconv.encode(
      Array.from({ length: 1 + pick(2) }, () => message(pick, ['|^~\\&', '#@%$!', '|~^\\&'][pick(3)]!)).join(''),
      encoding,
    )
    const given = hints(encoding === 'utf8' ? 'utf-8' : 'gbk')
    const found = read(reader, source, given)
    assert.equal(edit(found, {}), found.doc.source)
    if (found.leaves.length === 0) continue
    const leaf = found.leaves[pick(found.leaves.length)]!
    const [, site, start, end] = found.tape.words.subarray(leaf.index << 2, (leaf.index << 2) + 4) as unknown as [
      number,
      number,
      number,
      number,
    ]
    if (reader.layout.sites[site]!.admits !== 'text') continue
    const to = RESULTS[pick(RESULTS.length)]!
    const out = edit(found, { [leaf.address]: to })
    const grown = out.length - source.length
    const alone = to === '' ? out.length : end + grown
    if (to !== '')
      assert.deepEqual([out.subarray(0, start), out.subarray(alone)], [source.subarray(0, start), source.subarray(end)])
    const again = read(reader, out, given)
    const expected = found.leaves.flatMap((l) => (l === leaf ? (to === '' ? [] : [to]) : [l.text]))
    assert.deepEqual(
      again.leaves.map((l) => l.text),
      expected,
      JSON.stringify([source.toString(), leaf.address, to]),
    )
  }
})

test('every HL7 file of the corpora is read and comes out as it was, or is refused with a code', (t) => {
  const root = join(process.env['VEILGATE_CORPORA'] ?? join(import.meta.dirname, '../../../../shared/corpora'), 'hl7v2')
  if (!existsSync(root)) {
    t.skip(`corpora not found: ${root}`)
    return
  }
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((f) => f.isFile())
  const refused: string[] = []
  let leaves = 0
  for (const file of files) {
    const source = readFileSync(join(file.parentPath, file.name))
    try {
      const found = read(reader, source)
      leaves += found.leaves.length
      assert.equal(edit(found, {}), source)
      for (const { address } of found.leaves)
        assert.match(address, /^(message\[\d+\]\/)?[A-Z][A-Z0-9]{2}(\[\d+\])?-\d+(\[\d+\])?(\.\d+){0,2}$/)
      const free = found.leaves.filter(
        (l) => reader.layout.sites[found.tape.words[(l.index << 2) + 1]!]!.admits === 'text',
      )
      const again = read(reader, edit(found, Object.fromEntries(free.map((l) => [l.address, l.text]))))
      assert.deepEqual(
        again.leaves.map((l) => [l.address, l.text]),
        found.leaves.map((l) => [l.address, l.text]),
      )
    } catch (error) {
      if (!isGatewayError(error)) throw error
      refused.push(`${file.name}: ${error.code} at ${error.hints.offset}`)
    }
  }
  t.diagnostic(`${files.length} files, ${leaves} leaves, refused: ${refused.join('; ')}`)
  assert.ok(leaves > 5_000)
  assert.deepEqual(refused.map((line) => line.split(':')[0]).toSorted(), [
    'invalid-missing-msh.hl7',
    'test_parse_L241.hl7',
  ])
})
