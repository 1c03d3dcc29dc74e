/** A folder only its user can read, with everything a run needs: throw-away keys, rules, state. Removed at the end. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { shippedFolder } from '../shipped.ts'

export class Workspace {
  readonly folder: string

  constructor() {
    // mkdtemp makes the folder 0700: keys inside need no race to protect them.
    this.folder = mkdtempSync(join(tmpdir(), 'veilgate-demo-'))
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts)
  }

  /** Writes a file below the folder, readable by its user only, and returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = this.path(name)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, content, { mode: 0o600 })
    return path
  }

  /** The shipped rules without their example directory, which the run writes itself. */
  copyRules(): void {
    cpSync(shippedFolder('rules'), this.path('rules'), {
      recursive: true,
      filter: (source) => !/[\\/]interfaces[\\/][^\\/]+\.yaml$|[\\/]institutions\.yaml$/.test(source),
    })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
