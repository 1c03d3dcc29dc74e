/** Makes the folder of a mistake, runs the command its author would run, and gives back what it says. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { workbook } from '../adapters/spreadsheet/workbook.ts'
import { veilgate } from '../fixtures/command.ts'
import { BASE, type Mistake } from './table.ts'

export interface Told {
  readonly command: string
  readonly code: number
  readonly text: string
}

export async function tell(mistake: Mistake): Promise<Told> {
  const cwd = await mkdtemp(join(tmpdir(), 'veilgate-mistake-'))
  try {
    if (mistake.kind === 'keys') return await ofKeys(mistake, cwd)
    const files = mistake.kind === 'xlsx' ? BASE : { ...BASE, [mistake.path]: mistake.text }
    for (const [path, text] of Object.entries(files)) await write(join(cwd, 'rules', path), text)
    if (mistake.kind !== 'xlsx') return await run(['rules', 'check', 'rules'], cwd)
    await write(join(cwd, mistake.path), workbook((mistake.rows ?? []).map((row) => [...row])))
    return await run(['rules', 'dictionary', 'preview', mistake.path, '--into', 'batch'], cwd)
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
}

async function ofKeys(mistake: Mistake, cwd: string): Promise<Told> {
  const { command = ['list'], secret = 'a secret of enough bytes' } = mistake
  if (mistake.text !== '') {
    await writeFile(join(cwd, mistake.path), mistake.text, { mode: mistake.mode ?? 0o600 })
  }
  const named = secret === '' ? [] : ['--secret-env', 'RING_SECRET']
  return await run(['keys', ...command, '--file', mistake.path, ...named], cwd, { RING_SECRET: secret })
}

async function run(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Told> {
  const { code, out, err } = await veilgate(args, { cwd, env })
  // What is sound in the folder says nothing of the mistake; nor does the usage under a wrong call.
  const text = `${out}${err}`.replaceAll(`${cwd}/`, '').split('\nveilgate keys init RING')[0]!
  return { command: `veilgate ${args.join(' ')}`, code, text: text.trim() }
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}
