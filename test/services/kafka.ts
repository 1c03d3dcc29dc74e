/**
 * Apache Kafka for tests: one KRaft broker on loopback, started from the jars in .cache/kafka-<version>/ (put there by
 * Maven from test/services/kafka/pom.xml). Java 17, 512 MB heap, replication factor 1, a temporary log folder.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const POM = join(ROOT, 'test/services/kafka/pom.xml')
const READY_MS = 60_000

export interface KafkaBroker {
  /** host:port for clients; the same after a restart */
  readonly broker: string
  /** Stops the broker the hard way (SIGKILL) or cleanly, and leaves it down. */
  down(how?: 'kill' | 'clean'): Promise<void>
  /** Starts it again on the same port and log folder. */
  up(): Promise<void>
  /** down() and up(). */
  restart(how?: 'kill' | 'clean'): Promise<void>
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

/** The pinned version: the pom is the only place that names it. */
export function kafkaVersion(): string {
  const found = /<kafka\.version>([^<]+)<\/kafka\.version>/.exec(readFileSync(POM, 'utf8'))
  if (found === null) throw new Error('test/services/kafka/pom.xml names no kafka.version')
  return found[1]!
}

const jars = (): string => join(ROOT, '.cache', `kafka-${kafkaVersion()}`)

/** Why the broker cannot be started here, or false: the value for the `skip` option of a test. */
export function kafkaMissing(): string | false {
  const fetchLine =
    `mvn -q -B -f test/services/kafka/pom.xml dependency:copy-dependencies ` +
    `-DoutputDirectory="$PWD/.cache/kafka-${kafkaVersion()}"`
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' })
  } catch {
    return `Kafka: no Java here (apt-get install openjdk-17-jre-headless maven, then ${fetchLine})`
  }
  if (!existsSync(join(jars(), `kafka_2.13-${kafkaVersion()}.jar`))) return `Kafka: jars absent (${fetchLine})`
  return false
}

export async function startKafka(): Promise<KafkaBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-kafka-'))
  const [port, controller] = await freePorts()
  const config = join(folder, 'server.properties')
  await writeFile(config, properties(folder, port, controller))
  let child: ChildProcess | undefined
  const killAtExit = () => child?.kill('SIGKILL')
  process.on('exit', killAtExit)

  const up = async () => {
    child = await spawnJava(folder, 'broker', ['kafka.Kafka', config])
    await ready(child, port, join(folder, 'broker.out'))
  }
  const down = async (how: 'kill' | 'clean' = 'kill') => {
    const dying = child
    child = undefined
    if (dying === undefined || dying.exitCode !== null || dying.signalCode !== null) return
    const gone = new Promise<void>((resolve) => dying.once('exit', () => resolve()))
    dying.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM')
    await gone
  }
  const stop = async () => {
    await down('kill')
    process.removeListener('exit', killAtExit)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await java(folder, 'format', ['kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', config])
    await up()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    broker: `127.0.0.1:${port}`,
    up,
    down,
    stop,
    restart: async (how) => {
      await down(how)
      await up()
    },
  }
}

/** 16 bytes in base64url; one that began with `-` would be read as an option. */
const clusterId = (): string => `A${randomBytes(16).toString('base64url').slice(1)}`

function properties(folder: string, port: number, controller: number): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    `log.dirs=${join(folder, 'logs')}`,
    'auto.create.topics.enable=false',
    'default.replication.factor=1',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=1',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'broker.session.timeout.ms=2000',
    'broker.heartbeat.interval.ms=500',
    'num.network.threads=1',
    'num.io.threads=2',
    '',
  ].join('\n')
}

async function spawnJava(folder: string, name: string, args: readonly string[]): Promise<ChildProcess> {
  const log = await open(join(folder, `${name}.out`), 'a')
  const flags = ['-Xmx512m', '-Xms64m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Djava.awt.headless=true']
  const child = spawn('java', [...flags, '-cp', join(jars(), '*'), ...args], {
    stdio: ['ignore', log.fd, log.fd],
    cwd: folder,
  })
  child.once('exit', () => void log.close())
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  return child
}

async function java(folder: string, name: string, args: readonly string[]): Promise<void> {
  const child = await spawnJava(folder, name, args)
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`Kafka ${name} failed: ${await tail(join(folder, `${name}.out`))}`)
}

/** Ready = the broker says so; an open port alone comes earlier than leadership. */
async function ready(child: ChildProcess, port: number, log: string): Promise<void> {
  const seen = (await readFile(log, 'utf8')).split('Kafka Server started').length
  const until = Date.now() + READY_MS
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`Kafka ended at once: ${await tail(log)}`)
    const started = (await readFile(log, 'utf8')).split('Kafka Server started').length > seen
    if (started && (await answers(port))) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`Kafka was not ready within ${READY_MS} ms: ${await tail(log)}`)
}

const tail = async (file: string): Promise<string> => (await readFile(file, 'utf8')).slice(-2000)

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** Two ports nobody listens on, held open together so that they differ. */
async function freePorts(): Promise<readonly [number, number]> {
  const servers = [createServer(), createServer()]
  const ports: number[] = []
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    ports.push(address.port)
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve))
  return [ports[0]!, ports[1]!]
}
