/** Command line: picks the command, prints usage, turns failures into exit codes. */
import { once } from 'node:events'
import { isGatewayError } from '../base/errors.ts'
import { type Command, EXIT, type Io, UsageError, unknownAction } from './command.ts'

/** Loaded on use: `veilgate mask` must not pay for Kafka. */
const COMMANDS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  certs: () => import('./certs.ts'),
  datasets: () => import('./datasets.ts'),
  demo: () => import('./demo.ts'),
  doctor: () => import('./doctor.ts'),
  explain: () => import('./explain.ts'),
  keys: () => import('./keys.ts'),
  mask: () => import('./mask.ts'),
  reveal: () => import('./reveal.ts'),
  rules: () => import('./rules.ts'),
  report: () => import('./report.ts'),
  serve: () => import('./serve.ts'),
  tokens: () => import('./tokens.ts'),
  users: () => import('./users.ts'),
}

export async function runCli(args: readonly string[], io: Io = processIo()): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === 'help') {
    io.out(await overview())
    return name === undefined ? EXIT.usage : EXIT.done
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (load === undefined) {
    io.err(`veilgate: ${unknownAction(name, Object.keys(COMMANDS))}\n`)
    return EXIT.usage
  }
  const { command } = await load()
  if (rest.includes('--help')) {
    io.out(command.usage)
    return EXIT.done
  }
  try {
    return await command.run(rest, io)
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`veilgate ${name}: ${error.message}\n${command.usage}`)
      return EXIT.usage
    }
    if (isGatewayError(error)) {
      io.err(`veilgate ${name}: ${error.code}\n`)
      return EXIT.refused
    }
    throw error
  }
}

async function overview(): Promise<string> {
  const lines = ['veilgate COMMAND [options]   (COMMAND --help for details)', '']
  for (const load of Object.values(COMMANDS)) {
    const { command } = await load()
    lines.push(`  ${command.name.padEnd(10)} ${command.summary}`)
  }
  return `${lines.join('\n')}\n`
}

function processIo(): Io {
  // `veilgate explain ... | head`: a reader that has seen enough is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(EXIT.done)
  })
  return {
    stdin: process.stdin,
    out: (text) => void process.stdout.write(text),
    raw: async (bytes) => {
      if (!process.stdout.write(bytes)) await once(process.stdout, 'drain')
    },
    err: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
  }
}
