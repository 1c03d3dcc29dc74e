/** A rules folder on disk for tests of `veilgate rules`, and the command run beside it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { type Ran, veilgate } from '../fixtures/command.ts'
import { FOLDER } from '../mask/language/fixture.ts'

const made: string[] = []
after(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true })
})

/** A working directory with the fixture's folder `rules`; a name that begins with / stands beside it. */
export function folder(changes: Readonly<Record<string, string | Buffer>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'veilgate-rules-'))
  made.push(path)
  for (const [name, text] of Object.entries({ ...FOLDER, ...changes })) {
    const whole = name.startsWith('/') ? join(path, name) : join(path, 'rules', name)
    mkdirSync(dirname(whole), { recursive: true })
    writeFileSync(whole, text)
  }
  return path
}

/** `veilgate rules ARGS` in that directory. */
export const run = (cwd: string, ...args: string[]): Promise<Ran> => veilgate(['rules', ...args], { cwd })
