/** X41 to X48: delimiters, line ends, hiding places, escapes, null and batches of HL7 v2. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import iconv from 'iconv-lite'
import { mask, maskBytes, planFor } from './fixture.ts'

const MSH = 'MSH|^~\\&|HIS|H1|LIS|H2|20260101||ORU^R01|M1|P|2.5\r'
const management = planFor('management', 'hl7v2')
const nurse = planFor('nurse', 'hl7v2')
const outside = planFor('third-party', 'hl7v2')
const research = planFor('research', 'hl7v2')
const after = (text: string, plan = nurse): string => mask(plan, MSH + text).slice(MSH.length)

describe('HL7 v2', () => {
  it('X41: delimiters are those of the message', () => {
    const swapped = 'MSH|~^\\&|HIS|H1|LIS|H2|20260101||ADT~A01|M1|P|2.5\r'
    assert.equal(mask(management, `${swapped}PID|1||||张~三^ZHANG~SAN~~~~~~A`), `${swapped}PID|1||||张**~`)
  })

  it('X41, X45: a mask never writes what is a delimiter of this message', () => {
    const header = 'MSH#!@%*#HIS#H1#LIS#H2#20260101##ADT!A01#M1#P#2.5\r'
    const out = mask(management, `${header}PID#1##123##张三丰##1990`)
    assert.equal(out, `${header}PID#1##%T%%T%%T%##张%T%%T%##1990`)
    assert.equal(mask(management, out), out)
  })

  it('X42: refuses what is no message', () => {
    for (const text of ['MSH|^^\\&|', 'MSH|A~\\&|', 'MSHA^~\\&A', 'msh|^~\\&|a', 'PID|1', 'x\rMSH|^~\\&|'])
      assert.equal(mask(nurse, text), 'PAYLOAD_UNPARSEABLE', text)
  })

  it('X43: continued lines and unknown segments are read', () => {
    const out = mask(outside, `${MSH.replace('\r', '\n')}NTE|1||第一行\n第二行 13812345678\n\nPID |1||张三\nZPI|张三`)
    assert.doesNotMatch(out, /138|张三|第/)
    assert.match(out, /\nZPI\|$/)
  })

  it('X44: an observation that names an identifier is one, whatever OBX-2 says', () => {
    assert.equal(after('OBX|1|ST|x^身份证号||500103199003070025'), 'OBX|1|ST|x^身份证号||5***************25')
    assert.equal(after('OBX|1|TX|^^^SFZH^身份证||500103199003070025'), 'OBX|1|TX|^^^SFZH^身份证||5***************25')
    assert.equal(after('OBX|1|NM|SFZH||500103199003070025'), 'OBX|1|NM|SFZH||', 'a mask is no number')
  })

  it('X44: control ids and facilities off their shape become tokens, echoes the same', () => {
    const out = mask(
      nurse,
      'MSH|^~\\&|13812345678|H1|LIS|H2|20260101||ACK|500103199003070025|P|2.5\rMSA|AA|500103199003070025',
    )
    assert.match(out, /\|(P[A-Z2-7]{19})\|P\|2\.5\rMSA\|AA\|\1$/)
    assert.doesNotMatch(out, /5001031990|13812345678/)
  })

  it('X44: beyond the last field, in extra components and in the second whole place', () => {
    assert.equal(after(`PID|1${'|'.repeat(44)}张三`, research), `PID|1${'|'.repeat(44)}`)
    assert.equal(after(`PID|1${'|'.repeat(44)}13812345678`), `PID|1${'|'.repeat(44)}138****5678`)
    assert.equal(
      after('PID|1||||张三^^^^^^L^I^^^^^^^^李四~王五&六^x&y', management),
      'PID|1||||张**^^^^^^L^I^^^^^^^^~王**&^&',
    )
    assert.equal(
      after('PID|1||||||||13812345678^PRN^CP^^^^^^^^^13987654321'.replace('||||||||', '||||||||||||')),
      'PID|1||||||||||||138****5678^PRN^CP^^^^^^^^^139****4321',
    )
  })

  it('X45: escapes hide nothing, results open nothing', () => {
    assert.doesNotMatch(after('PID|1||||\\XE5BCA0\\三', management), /三|E5BCA0/)
    assert.equal(after('PID|1||||张\\T\\三', management), 'PID|1||||张**')
  })

  it('X46: "" stays and is never written', () => {
    assert.equal(after('PID|1||""||""|""|""^""', outside), 'PID|1||""||""|""|""^""')
  })

  it('X27, X48: GBK names with delimiter bytes under any processing id', () => {
    const message = 'MSH|^~\\&|HIS|H1|LIS|H2|20260101||ADT^A01|M1|T|2.5||||||GBK\rPID|1||||张瑋^葉億~ZHANG^WEI^^^^^^A\r'
    const out = iconv.decode(maskBytes(management, iconv.encode(message, 'gbk')).body, 'gbk')
    assert.equal(out, message.replace('张瑋^葉億~ZHANG^WEI^^^^^^A', '张**^'))
  })

  it('types in OBX-2, units, numbers and codes that are kept do not change', () => {
    const kept = ['NM|GLU^葡萄糖||-5.60|mmol/L|3.9-6.1|H|||F', 'SN|x^y||<^0.5', 'NM|x||1.10|10*9/L']
    for (const rest of kept) assert.equal(after(`OBX|1|${rest}`, research), `OBX|1|${rest}`)
    for (const type of ['CE', 'TS', 'ST', 'TX', 'FT', 'CWE', 'ED', 'RP', 'DR', 'XPN'])
      assert.match(after(`OBX|1|${type}|x||a`, research), new RegExp(`^OBX\\|1\\|${type}\\|`))
    assert.equal(after('OBX|1|王五|x||a', research), 'OBX|1||x||')
  })

  it('the texts of one coding are treated alike, with or without codes', () => {
    assert.equal(
      after('DG1|1||E11.9^某某病 张三^ICD10^X1^某某病^L^^^原文 张三', research),
      'DG1|1||E11^E11^ICD10^^E11^L^^^E11',
    )
    assert.equal(after('DG1|1||^某某病 张三^^^别名 张三^^^^原文 张三', research), 'DG1|1||^***^^^***^^^^***')
  })
})
