/** `veilgate mask` and `explain` as their users run them: bytes out, refusals that print nothing, no value anywhere else. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { readSamples, SECRETS } from '../../src/cli/demo/samples.ts'
import { veilgate } from '../fixtures/command.ts'

const cwd = mkdtempSync(join(tmpdir(), 'veilgate-mask-'))
after(() => rmSync(cwd, { recursive: true }))
const samples = readSamples()
const PATIENT = { resourceType: 'Patient', name: [{ text: '张三丰' }] }
const RESEARCHER = ['--role', 'researcher', '--scenario', 'research']
const no = (text: string): void => {
  for (const secret of SECRETS) assert.ok(!text.includes(secret), secret)
}

describe('veilgate mask', () => {
  it('masks a file and standard input alike, and counts without a value', async () => {
    writeFileSync(join(cwd, 'in.hl7'), samples.report)
    const keys = ['--keys', 'ring.json', '--secret-env', 'SECRET']
    const env = { SECRET: 'a secret of sixteen bytes or more' }
    const made = await veilgate(['keys', 'init', '--file', 'ring.json', '--secret-env', 'SECRET'], { cwd, env })
    assert.equal(made.code, 0, made.err)
    const file = await veilgate(['mask', ...RESEARCHER, ...keys, '--report', 'r.json', 'in.hl7'], { cwd, env })
    assert.deepEqual([file.code, file.err], [0, ''])
    no(file.bytes.toString())
    assert.match(file.bytes.toString(), /^MSH\|[\s\S]*\|2\.350\|mIU\/L\|/)
    const stdin = await veilgate(['mask', ...RESEARCHER, ...keys], { cwd, env, stdin: samples.report })
    assert.ok(stdin.bytes.equals(file.bytes))
    const report = readFileSync(join(cwd, 'r.json'), 'utf8')
    assert.equal(typeof JSON.parse(report), 'object')
    no(report)
  })

  it('a refusal prints nothing on standard output, its code on standard error, and exits 1', async () => {
    const refused: readonly (readonly [code: RegExp, args: readonly string[], stdin: string | Buffer])[] = [
      [/PAYLOAD_UNPARSEABLE/, ['--format', 'json', ...RESEARCHER], `{"brxm":"张三丰","sfzh":"500103199003070025"`],
      [/PAYLOAD_TOO_DEEP/, ['--format', 'json', ...RESEARCHER], `${'['.repeat(5000)}"张三丰"${']'.repeat(5000)}`],
      [/LEVEL5_FORBIDDEN/, ['--format', 'json', ...RESEARCHER], samples.controlLevel],
      [/ROLE_DENIED/, ['--format', 'json', '--role', 'nobody'], samples.inpatient],
      [/BODY_TOO_LARGE/, ['--format', 'json', '--max', '1KiB', ...RESEARCHER], samples.inpatient],
    ]
    for (const [code, args, stdin] of refused) {
      const told = await veilgate(['mask', ...args], { cwd, stdin })
      assert.equal(told.code, 1, String(code))
      assert.equal(told.bytes.length + told.out.length, 0, 'nothing on standard output')
      assert.match(told.err, code)
      no(told.err)
    }
  })

  it('--stream: records already out stay; the refused one and all after it are not written', async () => {
    const line = `${JSON.stringify(PATIENT)}\n`
    const stdin = `${line}${line}{"resourceType":"Patient","name":\n${line}`
    const args = ['mask', '--format', 'ndjson', ...RESEARCHER]
    const streamed = await veilgate([...args, '--stream'], { cwd, stdin })
    assert.equal(streamed.code, 1)
    assert.equal(streamed.bytes.toString().split('\n').length, 3, 'two lines')
    assert.match(streamed.err, /record 3: PAYLOAD_UNPARSEABLE/)
    no(streamed.bytes.toString() + streamed.err)
    const whole = await veilgate(args, { cwd, stdin })
    assert.deepEqual([whole.code, whole.bytes.length], [1, 0])
  })

  it('wrong usage exits 2', async () => {
    for (const args of [['mask'], ['mask', '--role'], ['mask', ...RESEARCHER, 'a', 'b'], ['mask', '--colour', 'red']])
      assert.equal((await veilgate(args, { cwd, stdin: '{}' })).code, 2, args.join(' '))
  })
})

describe('veilgate explain', () => {
  it('names the line for every value and prints none', async () => {
    for (const [format, stdin] of [
      ['json', samples.inpatient],
      ['fhir', samples.referral],
      ['hl7v2', samples.report],
    ] as const) {
      const { code, out, err } = await veilgate(['explain', '--format', format, ...RESEARCHER, '--lang', 'en'], {
        cwd,
        stdin,
      })
      assert.equal(code, 0, err)
      no(out)
      assert.match(out, /person-name +pseudonym -> replaced +cell research policies\/research\.yaml:\d+:\d+/)
      assert.match(out, /\d+ values; \d+ unknown to every binding\n$/)
      const lines = (
        await veilgate(['explain', '--format', format, ...RESEARCHER, '--json'], { cwd, stdin })
      ).out.trimEnd()
      no(lines)
      for (const line of lines.split('\n')) assert.ok(Object.hasOwn(JSON.parse(line), 'outcome'))
    }
  })
})
