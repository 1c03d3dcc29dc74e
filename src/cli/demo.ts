/** `veilgate demo`: a small consortium on this machine, real certificates, tokens and traffic; ends by itself. */
import { relative } from 'node:path'
import { totpCode } from '../accounts/index.ts'
import { type Command, EXIT, type Io, readArgs, UsageError } from './command.ts'
import { consoleLines, openConsole } from './demo/console.ts'
import { type Stage, setUp } from './demo/stage.ts'
import { curlLines, writeTokens } from './demo/stay.ts'
import { summary } from './demo/summary.ts'
import { walk } from './demo/walk.ts'

const USAGE = `veilgate demo [--stay] [--kafka [HOST:PORT]]
veilgate demo --code SECRET

Three institutions on loopback, a gateway between them, real traffic. Shows one record as each role sees it, refuses what
must be refused, changes a rule while calls run, and ends with a summary and a report. Keys are made for the run, in a
folder only this user can read, and removed at the end. Exits 1 when one of its own checks did not hold.

  --stay    stays up afterwards with the rule console, prints curl lines and accounts; Ctrl-C ends it and removes its keys
  --kafka   streams the records to this broker; without HOST:PORT to the tests' broker, where its jars and Java are
  --code    prints the six digits an authenticator shows now for the secret of a first sign-in
`
const RENEW_MS = 30 * 60_000

export const command: Command = { name: 'demo', summary: 'a small consortium on this machine', usage: USAGE, run }

async function run(args: readonly string[], io: Io): Promise<number> {
  const options = readOptions(args)
  if (options.code !== undefined) {
    io.out(`${totpCode(options.code, Date.now())}\n`)
    return EXIT.done
  }
  const interruption = listenForEnd()
  try {
    return await perform(options, io, interruption.asked)
  } finally {
    interruption.release()
  }
}

async function perform({ stay, kafka }: DemoOptions, io: Io, interrupted: Promise<void>): Promise<number> {
  const started = performance.now()
  const stage = await setUp(kafka, io)
  try {
    const { checks, broker } = stage
    const played = walk(stage).then((walked) => {
      const seconds = (performance.now() - started) / 1000
      io.out(`\n${summary({ checks, ...walked, stream: broker, seconds })}\n`)
      return true
    })
    // After an interruption nobody waits for the walk, whose calls then fail one by one.
    played.catch(() => undefined)
    const finished = await Promise.race([played, interrupted.then(() => false)])
    if (finished && stay) await remain(stage, io, interrupted)
    return finished && checks.every((check) => check.holds) ? EXIT.done : EXIT.refused
  } finally {
    await stage.tearDown()
  }
}

interface DemoOptions {
  readonly stay: boolean
  readonly kafka: string | undefined
  /** a TOTP secret in base32 */
  readonly code: string | undefined
}

/** `--kafka` may stand without a value, which parseArgs does not know. */
function readOptions(args: readonly string[]): DemoOptions {
  const spelled = args.flatMap((arg, i) =>
    arg === '--kafka' && (args[i + 1] === undefined || args[i + 1]!.startsWith('-')) ? ['--kafka='] : [arg],
  )
  const { values } = readArgs(spelled, {
    stay: { type: 'boolean', default: false },
    kafka: { type: 'string' },
    code: { type: 'string' },
  })
  if (values.kafka !== undefined && !/^$|^\S+:\d{1,5}$/.test(values.kafka)) throw new UsageError('--kafka HOST:PORT')
  const code = values.code?.replaceAll(' ', '').toUpperCase()
  if (code !== undefined && !/^[A-Z2-7]{32}$/.test(code))
    throw new UsageError('--code: the 32 letters and digits shown')
  return { stay: values.stay, kafka: values.kafka, code }
}

/** Stays up until Ctrl-C; tokens live an hour and are written anew in time. */
async function remain({ scene, gateway }: Stage, io: Io, interrupted: Promise<void>): Promise<void> {
  const { workspace, consortium } = scene
  const officers = await openConsole(gateway, io)
  const renew = () => writeTokens(workspace, consortium)
  await renew()
  const timer = setInterval(() => void renew().catch(() => undefined), RENEW_MS)
  const { port, controlPort } = gateway.running
  const control = controlPort ?? scene.control.port
  const self = `node ${relative(io.cwd, process.argv[1] ?? '')}`
  io.out(`\n${curlLines(workspace, port, control)}\n`)
  if (officers !== null) io.out(`\n${consoleLines(officers, control, self)}\n`)
  io.out('\nCtrl-C 结束并清除密钥 · Ctrl-C ends and removes the keys\n')
  await interrupted
  clearInterval(timer)
}

/**
 * The first SIGINT or SIGTERM asks for the end. Later ones are held off while keys are being removed: a terminal sends
 * Ctrl-C to the whole group, so one keystroke may arrive twice.
 */
function listenForEnd(): { readonly asked: Promise<void>; release(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const names = ['SIGINT', 'SIGTERM'] as const
  for (const name of names) process.on(name, resolve)
  return {
    asked: promise,
    release: () => {
      for (const name of names) process.off(name, resolve)
    },
  }
}
