/** Redis for tests: one redis-server on loopback, append-only, in a temporary folder. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RedisServer {
  readonly port: number
  /** kills it and leaves its files */
  down(): Promise<void>
  /** on the same port, with what it kept */
  up(): Promise<void>
  stop(): Promise<void>
}

/** Why Redis cannot be started here, or false: the value for the `skip` option of a test. */
export function redisMissing(): string | false {
  if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0) return false
  return 'Redis: no redis-server here (apt-get install redis-server)'
}

export async function startRedis(...more: readonly string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-redis-'))
  const port = await freePort()
  let child: ChildProcess | null = null
  const up = async (): Promise<void> => {
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
    const durable = more.length > 0 ? more : ['--appendonly', 'yes', '--appendfsync', 'always']
    child = spawn('redis-server', [...settings, ...durable], { stdio: 'ignore' })
    const until = Date.now() + 20_000
    while (!(await answers(port))) {
      if (Date.now() > until || child.exitCode !== null) throw new Error('redis-server does not answer')
      await sleep(20)
    }
  }
  const down = async (): Promise<void> => {
    const dying = child
    child = null
    if (dying === null || dying.exitCode !== null) return
    const gone = new Promise<void>((resolve) => dying.once('exit', () => resolve()))
    dying.kill('SIGKILL')
    await gone
  }
  const killAtExit = (): void => void child?.kill('SIGKILL')
  process.once('exit', killAtExit)
  await up()
  return {
    port,
    up,
    down,
    async stop() {
      await down()
      process.removeListener('exit', killAtExit)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('data', (data) => {
      socket.destroy()
      resolve(data.toString().startsWith('+PONG'))
    })
    socket.once('error', () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
