/**
 * road.*: one masked, token-verified call over mTLS keep-alive through the whole gateway, against express 5 with
 * http-proxy-middleware 4 passing through behind the same front. CPU of the gateway process, all threads; gateway
 * pinned to one core, load and upstream on the other; interleaved rounds, medians (rounds.ts).
 */
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { luaIsThere, nginxArguments, nginxIsThere } from './nginx.ts'
import { fhirBundle } from './payloads.ts'
import { maskFhirByWalk } from './peers.ts'
import { cpuOf, GATEWAY_CORE, LOAD_CORE, startModule, startProgram, stop } from './processes.ts'
import type { LoadOrder, LoadResult, LoadSettings } from './road-load.ts'
import { freePort, type RoadSetup, setUpRoad } from './road-setup.ts'
import { median, ratioOf } from './rounds.ts'
import { type Suite, wanted } from './suite.ts'

const CLI = fileURLToPath(new URL('../bin/veilgate.js', import.meta.url))
const BARS = { '2k': 0.95, '20k': 1.45 } as const
/** of gateway and peer: one round's ratio strays by a fifth where the machine's speed does, the median of these by a thirtieth */
const ROUNDS = { '2k': 56, '20k': 24 } as const
/** of what is printed without a bar */
const BESIDE = 10
const ROUND_MS = 600
const WARM_MS = 2000
/** ms after a round until what it left to the other threads (records, garbage) is done and counted with it */
const TAIL_MS = 250
/** of the latency, whose quantiles want many calls */
const SPANS = 5
const SPAN_MS = 2000
const CONNECTIONS = 32

type Size = '2k' | '20k'
type Emit = Parameters<Suite['run']>[1]

interface Server {
  readonly name: string
  readonly child: ChildProcess
  readonly port: number
  readonly path: (size: Size) => string
}

/** CPU microseconds a call and calls a second, one of each per round. */
interface Rounds {
  readonly cpu: number[]
  readonly rps: number[]
}

export const roadSuite: Suite = {
  ids: [
    'road.masked.2k',
    'road.masked.20k',
    'road.nginx.2k',
    'road.nginx.20k',
    'road.nginx-lua.2k',
    'road.nginx-lua.20k',
    'road.latency.p50',
    'road.latency.p99',
    'road.express',
    'road.workers',
  ],
  async run(prefix, emit) {
    const upstream = await startModule<{ port: number }>('./road-upstream.ts', [], LOAD_CORE)
    const setup = await setUpRoad(upstream.first.port)
    const running: ChildProcess[] = [upstream.child]
    try {
      const gateway = await startGateway(setup, 1, running)
      const peer = await startPeer('proxy', setup, upstream.first.port, running)
      const extras = await startNginx(setup, upstream.first.port, running)
      await prove([gateway, ...extras.filter((s) => s.name === 'nginx + Lua')], setup)
      for (const size of ['2k', '20k'] as const) {
        if (!wanted(`road.masked.${size}`, prefix) && !prefix.startsWith('road.nginx')) continue
        const pair = [gateway, peer]
        const measured = await interleave(pair, setup, size, ROUNDS[size])
        const ratio = ratioOf(measured[0]!.cpu, measured[1]!.cpu)
        emit(
          {
            id: `road.masked.${size}`,
            value: ratio,
            unit: 'of the peer CPU',
            bar: BARS[size],
            holds: ratio <= BARS[size],
          },
          describe(pair, measured),
        )
        await beside([gateway, ...extras], setup, size, emit)
      }
      if (!nginxIsThere())
        process.stdout.write('road.nginx               absent: apt-get install nginx libnginx-mod-http-lua lua-cjson\n')
      if (wanted('road.latency', prefix) || prefix.startsWith('road.latency')) await latency(gateway, peer, setup, emit)
      if (wanted('road.express', prefix)) await expressShare(setup, upstream.first.port, running, emit)
      await stop(gateway.child)
      if (wanted('road.workers', prefix)) await workers(setup, running, emit)
    } finally {
      for (const child of running.toReversed()) await stop(child)
      setup.remove()
    }
  },
}

const describe = (servers: readonly Server[], measured: readonly Rounds[]): string =>
  servers
    .map(
      (s, i) =>
        `${s.name} ${median(measured[i]!.cpu).toFixed(1)} us [${Math.min(...measured[i]!.cpu).toFixed(1)}-${Math.max(...measured[i]!.cpu).toFixed(1)}] ${median(measured[i]!.rps).toFixed(0)}/s`,
    )
    .join(', ')

async function startGateway(setup: RoadSetup, workers: number, running: ChildProcess[]): Promise<Server> {
  const cores = workers === 1 ? String(GATEWAY_CORE) : `${GATEWAY_CORE},${LOAD_CORE}`
  const child = startProgram(
    process.execPath,
    [CLI, 'serve', '--config', setup.config, '--unsafe-approval-off', '--workers', String(workers)],
    cores,
  )
  running.push(child)
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`serve ended with ${child.exitCode}: ${said.slice(0, 2000)}`)
    if ((await ask(setup, setup.port, setup.path('2k')).catch(() => null))?.status === 200)
      return { name: 'veilgate', child, port: setup.port, path: setup.path }
    await sleep(100)
  }
  throw new Error(`serve does not answer: ${said.slice(0, 2000)}`)
}

async function startPeer(
  mode: string,
  setup: RoadSetup,
  upstreamPort: number,
  running: ChildProcess[],
): Promise<Server> {
  const { ca, cert, key } = setup.paths
  const { child, first } = await startModule<{ port: number }>(
    './road-peer.ts',
    [mode, JSON.stringify({ ca, cert, key, upstream: `http://127.0.0.1:${upstreamPort}` })],
    GATEWAY_CORE,
  )
  running.push(child)
  return { name: mode === 'proxy' ? 'express + hpm' : mode, child, port: first.port, path: (size) => `/fhir/${size}` }
}

async function startNginx(setup: RoadSetup, upstreamPort: number, running: ChildProcess[]): Promise<Server[]> {
  const servers: Server[] = []
  for (const masks of [false, true]) {
    if (!nginxIsThere() || (masks && !luaIsThere())) continue
    const folder = join(setup.folder, masks ? 'lua' : 'nginx')
    mkdirSync(folder)
    const port = await freePort()
    const { ca, cert, key } = setup.paths
    const child = startProgram(
      '/usr/sbin/nginx',
      nginxArguments({ folder, port, upstreamPort, ca, cert, key, masks }),
      String(GATEWAY_CORE),
    )
    running.push(child)
    await sleep(500)
    if (child.exitCode !== null) {
      const log = join(folder, 'logs', 'error.log')
      process.stdout.write(`nginx did not start: ${existsSync(log) ? readFileSync(log, 'utf8').slice(0, 300) : ''}\n`)
      continue
    }
    servers.push({ name: masks ? 'nginx + Lua' : 'nginx', child, port, path: (size) => `/fhir/${size}` })
  }
  return servers
}

/** Masked answers must be right before anyone is timed. Lua's cjson orders keys its own way: compared as data. */
async function prove(servers: readonly Server[], setup: RoadSetup): Promise<void> {
  for (const size of ['2k', '20k'] as const) {
    const expected = maskFhirByWalk(fhirBundle(size === '2k' ? 2000 : 20_000, 1))
    for (const server of servers) {
      const { status, body } = await ask(setup, server.port, server.path(size))
      assert.equal(status, 200, `${server.name} ${size}`)
      if (server.name === 'veilgate') assert.equal(body.toString(), expected.toString(), `${server.name} ${size}`)
      else
        assert.notEqual(
          body.toString(),
          fhirBundle(size === '2k' ? 2000 : 20_000, 1).toString(),
          `${server.name} masks nothing`,
        )
    }
  }
}

function ask(setup: RoadSetup, port: number, path: string): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const { ca, clientCert, clientKey } = setup.paths
    const options = {
      host: '127.0.0.1',
      servername: 'localhost',
      port,
      path,
      ca: readFileSync(ca),
      cert: readFileSync(clientCert),
      key: readFileSync(clientKey),
      headers: { authorization: `Bearer ${setup.token}`, accept: 'application/fhir+json' },
      agent: false,
    }
    const call = request(options, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }))
      answer.on('error', reject)
    })
    call.on('error', reject)
    call.end()
  })
}

async function startLoad(server: Server, setup: RoadSetup, size: Size): Promise<ChildProcess> {
  const { ca, clientCert, clientKey } = setup.paths
  const settings: LoadSettings = {
    port: server.port,
    ca,
    cert: clientCert,
    key: clientKey,
    path: server.path(size),
    token: setup.token,
    connections: CONNECTIONS,
  }
  return (await startModule('./road-load.ts', [JSON.stringify(settings)], LOAD_CORE)).child
}

async function order(load: ChildProcess, what: LoadOrder): Promise<LoadResult> {
  load.send(what)
  const [result] = (await once(load, 'message')) as [LoadResult]
  if (result.failed > 0) throw new Error(`${result.failed} calls failed`)
  return result
}

/** The first of `servers` against each of the others. */
async function beside(servers: readonly Server[], setup: RoadSetup, size: Size, emit: Emit): Promise<void> {
  const measured = await interleave(servers, setup, size, BESIDE)
  for (const [i, server] of servers.entries()) {
    if (i === 0) continue
    const id = server.name === 'nginx' ? `road.nginx.${size}` : `road.nginx-lua.${size}`
    const value = ratioOf(measured[0]!.cpu, measured[i]!.cpu)
    emit(
      { id, value, unit: `of the CPU of ${server.name}`, bar: null, holds: null },
      describe([server], [measured[i]!]),
    )
  }
}

async function interleave(servers: readonly Server[], setup: RoadSetup, size: Size, count: number): Promise<Rounds[]> {
  const loads: ChildProcess[] = []
  for (const server of servers) loads.push(await startLoad(server, setup, size))
  for (const load of loads) await order(load, { ms: WARM_MS, rate: 0 })
  const rounds: Rounds[] = servers.map(() => ({ cpu: [], rps: [] }))
  for (let round = 0; round < count; round++) {
    for (let k = 0; k < servers.length; k++) {
      const i = round % 2 === 0 ? k : servers.length - 1 - k
      const before = cpuOf(servers[i]!.child.pid!)
      const result = await order(loads[i]!, { ms: ROUND_MS, rate: 0 })
      await sleep(TAIL_MS)
      rounds[i]!.cpu.push((cpuOf(servers[i]!.child.pid!) - before) / result.calls)
      rounds[i]!.rps.push(result.calls / result.seconds)
    }
  }
  for (const load of loads) load.disconnect()
  return rounds
}

/** Added latency at half the peer's saturation: both at the same fixed rate, open loop. */
async function latency(gateway: Server, peer: Server, setup: RoadSetup, emit: Emit): Promise<void> {
  const loads = [await startLoad(gateway, setup, '2k'), await startLoad(peer, setup, '2k')]
  const full = []
  for (const load of loads) full.push(await order(load, { ms: 1500, rate: 0 }))
  const rate = Math.floor(Math.min(...full.map((f) => f.calls / f.seconds)) / 2)
  const results: LoadResult[][] = [[], []]
  for (let span = 0; span < SPANS; span++)
    for (const i of [0, 1]) results[i]!.push(await order(loads[i]!, { ms: SPAN_MS, rate }))
  for (const load of loads) load.disconnect()
  for (const p of ['p50', 'p99'] as const) {
    const [mine, theirs] = results.map((r) => median(r.map((x) => x[p])))
    emit(
      { id: `road.latency.${p}`, value: mine! - theirs!, unit: 'ms added to pass-through', bar: null, holds: null },
      `at ${rate}/s: ${mine!.toFixed(2)} ms against ${theirs!.toFixed(2)} ms`,
    )
  }
}

async function expressShare(
  setup: RoadSetup,
  upstreamPort: number,
  running: ChildProcess[],
  emit: Emit,
): Promise<void> {
  const servers = [
    await startPeer('express-static', setup, upstreamPort, running),
    await startPeer('static', setup, upstreamPort, running),
  ]
  const measured = await interleave(servers, setup, '2k', BESIDE)
  emit(
    {
      id: 'road.express',
      value: median(measured[0]!.cpu) - median(measured[1]!.cpu),
      unit: 'us a call, express alone',
      bar: null,
      holds: null,
    },
    describe(servers, measured),
  )
}

async function workers(setup: RoadSetup, running: ChildProcess[], emit: Emit): Promise<void> {
  const rates: number[] = []
  for (const n of [1, 2]) {
    const server = await startGateway(setup, n, running)
    const load = await startLoad(server, setup, '20k')
    await order(load, { ms: 1500, rate: 0 })
    const result = await order(load, { ms: 4000, rate: 0 })
    rates.push(result.calls / result.seconds)
    load.disconnect()
    await stop(server.child)
  }
  emit(
    { id: 'road.workers', value: rates[1]! / rates[0]!, unit: 'x calls/s of one worker', bar: null, holds: null },
    `1: ${rates[0]!.toFixed(0)}/s, 2: ${rates[1]!.toFixed(0)}/s; load and upstream share the two cores`,
  )
}
