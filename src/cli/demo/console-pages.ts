/** The console's pages in a checkout: built once where they are missing. A package brings them along. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PAGES = join(ROOT, 'dist/console')
const PATIENCE_MS = 120_000

/** `null` when the pages are there, else one sentence that says why not. `again`: built though they are there. */
export async function buildPages(again = false): Promise<string | null> {
  if (!again && existsSync(join(PAGES, 'index.html'))) return null
  // beside dist/ when this is itself dist/: the package has its pages
  if (existsSync(join(ROOT, 'console/index.html'))) return null
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  if (!existsSync(vite)) return 'the pages are not built, and vite is not installed (npm install)'
  const made = `${PAGES}-${process.pid}`
  try {
    mkdirSync(join(ROOT, 'dist'), { recursive: true })
    if (!(await build(vite, made))) return 'the pages could not be built (npm run console:build says why)'
    put(made)
    return null
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

async function build(vite: string, folder: string): Promise<boolean> {
  const args = [vite, 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'silent']
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'ignore', timeout: PATIENCE_MS })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code === 0
}

/** Whole or not at all: whoever reads the pages meanwhile has the old ones. */
function put(made: string): void {
  const old = `${made}-old`
  if (existsSync(PAGES)) renameSync(PAGES, old)
  renameSync(made, PAGES)
  rmSync(old, { recursive: true, force: true })
}
