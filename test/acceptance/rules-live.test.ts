/**
 * X58, X59: rules under a running gateway. A bad edit leaves the last good bundle in force and says so; a good one is
 * live within a second; a call keeps the bundle it began with; a restart over a bad draft runs the last good one.
 */
import assert from 'node:assert/strict'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { veilgate } from '../fixtures/command.ts'
import { json } from '../fixtures/scene.ts'
import { type PlainScene, POLICIES, startPlainScene, until } from './fixtures/plain-scene.ts'

interface LogLine {
  readonly event: string
  readonly file?: string
  readonly line?: number
  readonly col?: number
  readonly problem?: string
  readonly count?: number
  readonly bundle?: string
}

const RESEARCH = POLICIES['research']!
const many = Array.from({ length: 500 }, (_, i) => `  no-such-element-${i}: redact\n`).join('')

/** name -> file, its text, and where the first problem must be found */
const BAD: Readonly<
  Record<
    string,
    {
      readonly file: string
      readonly text: string
      readonly line: number
      readonly least?: number
      readonly code?: string
    }
  >
> = {
  'an unknown key': { file: 'policies/research.yaml', text: `${RESEARCH}colour: red\n`, line: 6 },
  'a duplicate key': { file: 'policies/research.yaml', text: `${RESEARCH}undecided: drop\n`, line: 6 },
  'an element named twice': {
    file: 'policies/research.yaml',
    text: RESEARCH.replace('resident-id: redact', 'resident-id: redact, resident-id: mask'),
    line: 3,
  },
  'an unknown element': {
    file: 'policies/research.yaml',
    text: RESEARCH.replace('resident-id', 'residentid'),
    line: 3,
  },
  'an unknown method': { file: 'policies/research.yaml', text: RESEARCH.replace('redact }', 'hide }'), line: 3 },
  'a bad path': {
    file: 'bindings/site.yaml',
    text: 'format: fhir\nperson-name: ["Patient..name[", Patient.nmae]\n',
    line: 2,
  },
  'a bad HL7 path': { file: 'bindings/site.yaml', text: 'format: hl7v2\nperson-name:\n  - PID-5.x\n', line: 3 },
  'a tab': { file: 'policies/research.yaml', text: RESEARCH.replace('elements:', 'elements:\n\t'), line: 4 },
  'an anchor': {
    file: 'policies/research.yaml',
    text: RESEARCH.replace('redact }', '&a redact }').replace('undecided: redact', 'undecided: *a'),
    line: 3,
  },
  'anchors that multiply': {
    file: 'policies/research.yaml',
    text: `${RESEARCH}a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
    line: 6,
  },
  'level 5 kept': {
    file: 'policies/more.yaml',
    text: 'policy: more\nfor: { roles: [more] }\nelements: { biometric: keep }\nundecided: redact\nunknown: redact\n',
    line: 3,
    code: 'keep-level-5',
  },
  'a rule that can never match': {
    file: 'policies/more.yaml',
    text: 'policy: more\nfor: { roles: [researcher], institutions: [county] }\nelements: { mobile: [redact, { method: drop, when: { institutions: [teaching] } }] }\nundecided: redact\nunknown: redact\n',
    line: 3,
    code: 'never-matches',
  },
  '500 errors': {
    file: 'policies/many.yaml',
    text: `policy: many\nfor: { roles: [many] }\nelements:\n${many}undecided: redact\nunknown: redact\n`,
    line: 4,
    least: 500,
  },
  'no YAML at all': { file: 'policies/research.yaml', text: '{[}\u0000', line: 1 },
  'a path of another provider': {
    file: 'interfaces/other.yaml',
    text: 'provider: other\nupstream: { base: "http://127.0.0.1:1" }\nentries:\n  x: { zh: x, status: published, call: "GET /teaching/x", format: json, roles: [doctor] }\n',
    line: 1,
  },
  'an institution with a bad network': {
    file: 'institutions.yaml',
    text: 'institutions:\n  county: { zh: x, certificates: [], cidrs: [999.1.1.1/99] }\n',
    line: 2,
  },
}

describe('X58, X59: rules under a running gateway', { timeout: 240_000 }, () => {
  let scene: PlainScene
  let good: string
  const path = (file: string): string => join(scene.deployment.folder, 'rules', file)
  const log = (): LogLine[] =>
    scene.deployment
      .read('veilgate.log')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine)
  const count = (event: string): number => log().filter((line) => line.event === event).length
  const ready = async (): Promise<{ ready: boolean; notes: string[]; bundle: string }> =>
    JSON.parse((await scene.deployment.operations('/readyz')).text)
  const bundle = async (): Promise<string> => {
    const reply = await scene.ask({ role: 'researcher' })
    assert.equal(reply.status, 200)
    assert.match(String(reply.json['brxm']), /^P[A-Z2-7]{19}$/)
    return String(reply.headers['veilgate-receipt'])
  }
  before(async () => {
    scene = await startPlainScene()
    scene.answer = json('{"brxm":"张三","sfzh":"500103199003070025"}')
    good = await bundle()
  })
  after(() => scene?.close())

  for (const [name, { file, text, line, least = 1, code }] of Object.entries(BAD))
    test(`${name}: the last good rules stay in force`, async () => {
      const kept =
        file === 'policies/research.yaml' || file === 'institutions.yaml'
          ? scene.deployment.read(`rules/${file}`)
          : null
      const before = log().length
      const refused = count('rules.refused')
      try {
        writeFileSync(path(file), text)
        await until(() => count('rules.refused') > refused, 'the edit is refused')
        const said = log().slice(before)
        const problems = said.filter((each) => each.event === 'rules.problem')
        assert.ok(
          problems.some(
            (p) =>
              p.file === file && p.line === line && (p.col ?? 0) >= 1 && (code === undefined || p.problem === code),
          ),
          JSON.stringify(problems),
        )
        const whole = said.find((each) => each.event === 'rules.refused')!
        assert.ok((whole.count ?? 0) >= least, `${whole.count} problems`)
        assert.equal(whole.bundle, good)
        assert.ok(!said.some((each) => each.event === 'rules.active'))
        const state = await ready()
        assert.deepEqual({ ready: state.ready, bundle: state.bundle }, { ready: true, bundle: good })
        assert.ok(state.notes.includes('RULES_LAST_GOOD'))
        assert.equal(await bundle(), good)
        // staff see every problem with its place and what was expected
        const check = await veilgate(['rules', 'check', join(scene.deployment.folder, 'rules')])
        assert.equal(check.code, 1)
        const lines = (check.out + check.err).split('\n').filter((each) => /^\S+:\d+:\d+/.test(each))
        assert.ok(lines.length >= least, `${lines.length} lines`)
        assert.ok(
          lines.some((each) => each.startsWith(`${file}:${line}:`)),
          lines.slice(0, 3).join('\n'),
        )
      } finally {
        if (kept === null) rmSync(path(file))
        else writeFileSync(path(file), kept)
      }
      await until(async () => !(await ready()).notes.includes('RULES_LAST_GOOD'), 'the folder is good again')
      assert.equal(await bundle(), good)
    })

  test('a link in the folder is not followed', async () => {
    const refused = count('rules.refused')
    symlinkSync('/etc/hostname', path('policies/link.yaml'))
    await until(() => count('rules.refused') > refused, 'the link is refused')
    assert.equal(await bundle(), good)
    rmSync(path('policies/link.yaml'))
    await until(
      async () => (await ready()).notes.length === 0 || !(await ready()).notes.includes('RULES_LAST_GOOD'),
      'good again',
    )
  })

  test('a good edit is live within a second, for new calls only', async (t) => {
    const times: number[] = []
    for (const method of ['mask', '{ method: age-band, width: 5 }', 'region']) {
      let release = (): void => {}
      scene.answer = (...all) => void (release = () => json('{"brxm":"张三","sfzh":"500103199003070025"}')(...all))
      const old = await ready()
      const under = scene.ask({ role: 'researcher' })
      await until(() => release.name !== '' && scene.upstream.requests.length > 0, 'a call is under way')
      await sleep(50)
      const hold = release
      scene.answer = json('{"brxm":"张三","sfzh":"500103199003070025"}')
      const began = performance.now()
      writeFileSync(path('policies/research.yaml'), RESEARCH.replace('resident-id: redact', `resident-id: ${method}`))
      await until(async () => (await ready()).bundle !== old.bundle, 'the edit is live')
      times.push(performance.now() - began)
      const next = await scene.ask({ role: 'researcher' })
      assert.notEqual(next.headers['veilgate-receipt'], old.bundle)
      assert.notEqual(next.json['sfzh'], '***')
      hold()
      assert.equal((await under).headers['veilgate-receipt'], old.bundle, 'a call keeps the bundle it began with')
    }
    t.diagnostic(`live after ${times.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`)
    // the quickest of three: other work on this machine is not what is asked about
    assert.ok(Math.min(...times) < 1000, times.join())
    good = (await ready()).bundle
  })

  test('a restart over a bad draft runs the last good rules', async () => {
    writeFileSync(path('policies/research.yaml'), '{[}')
    await until(async () => (await ready()).notes.includes('RULES_LAST_GOOD'), 'the draft is seen')
    assert.equal(await scene.serving.stop(), 0)
    scene.serving = await scene.deployment.serve()
    assert.equal(await bundle(), good)
    const state = await ready()
    assert.equal(state.bundle, good)
    assert.ok(state.notes.includes('RULES_LAST_GOOD'))
    assert.equal(log().findLast((line) => line.event === 'rules.last-good')?.bundle, good)
    // and over an empty folder, killed in between
    for (const file of ['policies/research.yaml', 'policies/care.yaml', 'elements.yaml']) rmSync(path(file))
    await scene.serving.kill()
    scene.serving = await scene.deployment.serve()
    assert.equal(await bundle(), good)
  })
})
