/**
 * Emits JavaScript and types to dist/ for the package door and the image. Sources need no build to run here; an
 * installed package does, because Node does not strip types below node_modules. Run: node scripts/build.mjs
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const out = join(root, 'dist')

// the console's pages have a build of their own (vite)
for (const name of existsSync(out) ? readdirSync(out) : [])
  if (!name.startsWith('console')) rmSync(join(out, name), { recursive: true, force: true })
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
if (!existsSync(compiler)) {
  process.stderr.write('build: TypeScript is not installed; run "npm ci" first\n')
  process.exit(1)
}
const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
})
process.exit(status ?? 1)
