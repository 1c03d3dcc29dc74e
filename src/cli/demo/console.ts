/**
 * The rule console of a demo that stays up. From here on the rules come from a store, as a deployment's do: what the
 * folder held is its first release. Nobody signs (`approval: off`), and every page says so.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { COST, type Role } from '../../accounts/index.ts'
import { openConsoleFile } from '../../adapters/console/index.ts'
import { formatProblem } from '../../base/problem.ts'
import { type Config, parseConfig } from '../../config.ts'
import { People } from '../../console/accounts/people.ts'
import type { Io } from '../command.ts'
import { bundleFilesOf } from '../release/bundle-files.ts'
import { openDesk } from '../release/open-desk.ts'
import { CONSOLE_FILE } from '../serve/console-run.ts'
import { buildPages } from './console-pages.ts'
import type { DemoGateway } from './gateway.ts'

const OFFICERS: readonly (readonly [name: string, displayName: string, roles: readonly Role[]])[] = [
  ['officer', '安全专员 officer', ['editor']],
  ['approver', '审批人 approver', ['approver']],
]

export interface Officer {
  readonly name: string
  readonly displayName: string
  /** good for the first sign-in, and for setting a password and a TOTP code there */
  readonly password: string
}

/** Null, said in one line, where there are no pages; the gateway then goes on as it is. */
export async function openConsole(gateway: DemoGateway, io: Io): Promise<readonly Officer[] | null> {
  const missing = await buildPages()
  if (missing !== null) {
    io.out(`\n没有规则控制台 · no rule console: ${missing}\n`)
    return null
  }
  await gateway.stop()
  const officers = await prepare(gateway.config)
  await gateway.start()
  return officers
}

/** Turns the deployment over to a store and makes the accounts. */
async function prepare(configPath: string): Promise<readonly Officer[]> {
  const base = dirname(configPath)
  const config = turnToStore(configPath)
  await releaseFolder(config, base)
  return makeAccounts(join(base, config.state, CONSOLE_FILE))
}

function turnToStore(path: string): Config {
  const text = readFileSync(path, 'utf8').replace(
    'rules: { folder: rules, approval: off }',
    'rules: { folder: rules, source: store, approval: off }',
  )
  writeFileSync(path, text)
  const { config, problems } = parseConfig(path, text)
  if (config === null) throw new Error(problems.all.map(formatProblem).join('\n'))
  return config
}

async function releaseFolder(config: Config, base: string): Promise<void> {
  const desk = await openDesk(config, base, {})
  try {
    const { files } = await bundleFilesOf(join(base, config.rules))
    const { bundle, refused } = await desk.submit({
      files,
      author: 'demo',
      why: '演示的初始规则 first rules of the demo',
    })
    if (bundle === null) throw new Error(`the demo's rules were not taken: ${refused}`)
    const verdict = await desk.activate(bundle.id, 'demo', '演示开始 the demo begins')
    if (!verdict.released) throw new Error(`the demo's rules were not released: ${verdict.refused}`)
  } finally {
    await desk.close()
  }
}

async function makeAccounts(file: string): Promise<Officer[]> {
  const { accounts } = openConsoleFile(file)
  try {
    const people = new People({ accounts, now: Date.now, random: (bytes) => randomBytes(bytes), cost: COST })
    const officers: Officer[] = []
    for (const [name, displayName, roles] of OFFICERS)
      officers.push({ name, displayName, password: (await people.add(name, displayName, roles)).password })
    return officers
  } finally {
    accounts.close()
  }
}

/** What a reader needs for the first sign-in. `self`: how this program is called. */
export function consoleLines(officers: readonly Officer[], port: number, self: string): string {
  const width = Math.max(...officers.map(({ name }) => name.length))
  return [
    `规则控制台 · rule console    https://localhost:${port}`,
    ...officers.map(({ name, password }) => `  ${name.padEnd(width)}  一次性密码 one-time password  ${password}`),
    '  证书由演示 CA 签发，浏览器会提示一次 · the browser warns once: the certificate is the demo authority’s ($DEMO/ca.pem)',
    '  首次登录会显示 TOTP 密钥，手边没有验证器时 · the first sign-in shows a TOTP secret; without an authenticator at hand:',
    `  ${self} demo --code SECRET`,
    '  未启用审批，仅限演示 · approval: off, for demonstrations only. 发布后重跑上面的 curl · release a rule, then call again',
  ].join('\n')
}
