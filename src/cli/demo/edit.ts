/** A rule changed while calls run, and a faulty one that changes nothing. */
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { PEOPLE } from './cast.ts'
import { STAY } from './samples.ts'
import { ask, type Scene } from './scene.ts'

const PATH = `/teaching/inpatients/${STAY.inpatientNo}`
const LINE = /^( +)address:.*$/m
const PATIENCE = 5000
const STEP = 50

export async function editRule(scene: Scene): Promise<void> {
  const file = scene.workspace.path('rules', 'policies', 'research.yaml')
  const text = readFileSync(file, 'utf8')
  const before = await addressSeen(scene)
  writeFileSync(file, text.replace(LINE, '$1address: redact'))
  const started = performance.now()
  let after = before
  while (after !== '***' && performance.now() - started < PATIENCE) {
    await pause(STEP)
    after = await addressSeen(scene)
  }
  const ms = Math.round(performance.now() - started)
  scene.say('运行中修改一条规则 · one rule edited while calls run')
  scene.say(`  research.yaml  address: truncate → redact   ${before} → ${after}   ${ms} ms`)
  scene.check('the edited rule is live', after === '***')

  writeFileSync(file, `${text.replace(LINE, '$1address: redact')}adress: keep\n`)
  await pause(STEP * 20)
  const kept = await addressSeen(scene)
  scene.say(
    `  research.yaml  + "adress: keep"   ${after} → ${kept}   (有错的规则不生效 · a faulty file changes nothing)`,
  )
  scene.check('a faulty rule changes nothing', kept === after)
  writeFileSync(file, text)
}

async function addressSeen(scene: Scene): Promise<string> {
  const answer = await ask(scene, PEOPLE.researcher, { path: PATH })
  return /"jtdz":\s*"([^"]*)"/.exec(answer.body.toString('utf8'))?.[1] ?? '（删除）'
}
