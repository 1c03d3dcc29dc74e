#!/usr/bin/env node
// Plain JavaScript on purpose: it must also start on a Node too old to run the TypeScript sources.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
const here = dirname(fileURLToPath(import.meta.url))

function bundledNode() {
  const require = createRequire(import.meta.url)
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  try {
    const root = dirname(require.resolve(`${name}/package.json`))
    const bin = join(root, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(bin) ? bin : undefined
  } catch {
    return undefined
  }
}

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  const bin = bundledNode()
  if (bin === undefined) {
    process.stderr.write(
      `veilgate needs Node ${NEEDED} or newer; this is ${process.versions.node} and no bundled Node is installed.\n` +
        `Install Node ${NEEDED} LTS, or run "npm ci" without --omit=optional on Linux x64/arm64 or Windows x64.\n`,
    )
    process.exit(2)
  }
  const child = spawn(bin, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
} else {
  const built = join(here, '..', 'dist', 'src', 'cli', 'index.js')
  const source = join(here, '..', 'src', 'cli', 'index.ts')
  const { runCli } = await import(existsSync(source) ? source : built)
  process.exitCode = await runCli(process.argv.slice(2))
}
