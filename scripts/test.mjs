#!/usr/bin/env node
// The test run: node's own runner over test/**/*.test.ts, then each skip's reason and one closing line.
//   node scripts/test.mjs [--full] [PATH PART ...]     sizes of big tests: VEILGATE_SCALE (0.1; --full = 1)
// With CI=true a test that was skipped for want of a service (Kafka, Redis, Chromium) fails the run.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { Tally } from './tally.mjs'

const NEEDED = 24
const CONCURRENCY = 2
const FILE_MS = 10 * 60_000
// said once by kafkajs on every connection and by node about node:sqlite: neither is news to a reader of test results
const QUIET = '--disable-warning=TimeoutNegativeWarning --disable-warning=ExperimentalWarning'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const args = process.argv.slice(2)

if (Number(process.versions.node.split('.')[0]) < NEEDED) await onNewerNode()
else process.exitCode = await main()

/** Under an older Node: again, on the one that `npm ci` installed. */
async function onNewerNode() {
  const windows = process.platform === 'win32'
  const node = join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node')
  if (!fs.existsSync(node)) {
    process.stderr.write(`the tests need Node ${NEEDED}; run "npm ci" first, or install Node ${NEEDED} LTS\n`)
    process.exitCode = 2
    return
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit', shell: windows })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
}

async function main() {
  process.chdir(root)
  if (args.includes('--full')) process.env.VEILGATE_SCALE = '1'
  process.env.VEILGATE_SCALE ??= '0.1'
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} ${QUIET}`.trim()
  const files = testFiles(args.filter((arg) => !arg.startsWith('--')))
  const tally = new Tally()
  const stream = run({ files, concurrency: CONCURRENCY, timeout: FILE_MS })
  stream.on('test:pass', (event) => tally.pass(event))
  stream.on('test:fail', (event) => tally.fail(event))
  for await (const text of stream.compose(new spec())) process.stdout.write(text)
  const { lines, code } = tally.close({ scale: process.env.VEILGATE_SCALE, ci: process.env.CI === 'true' })
  process.stdout.write(`${lines.join('\n')}\n`)
  return code
}

/** Tests that start services first: they take longest. */
function testFiles(parts) {
  const files = fs.globSync('test/**/*.test.ts').map((file) => file.replaceAll('\\', '/'))
  const chosen = parts.length === 0 ? files : files.filter((file) => parts.some((part) => file.includes(part)))
  const slow = (file) => (/^test\/(services|contracts|road)\//.test(file) ? 0 : 1)
  return chosen.sort((a, b) => slow(a) - slow(b) || (a < b ? -1 : 1))
}
