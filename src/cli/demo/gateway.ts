/** The gateway of the demo: the one `serve` starts, in this process, with the throw-away authority let in. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { WinstonLog } from '../../adapters/log/winston.ts'
import { formatProblem } from '../../base/problem.ts'
import { parseConfig } from '../../config.ts'
import { type Gateway, startGateway } from '../../main.ts'
import { chooseAnew } from './free-port.ts'

const TRIES = 5

/** Throws when the configuration that the demo wrote is not good: a fault of the demo. */
async function startDemoGateway(configPath: string): Promise<Gateway> {
  const { config, problems } = parseConfig(configPath, readFileSync(configPath, 'utf8'))
  if (config === null) throw new Error(problems.all.map(formatProblem).join('\n'))
  const base = dirname(configPath)
  const log = new WinstonLog({ file: join(base, 'veilgate.log'), node: config.node })
  return startGateway({ config, base, env: {}, log, admitDemo: true })
}

/** One gateway after the other, of the same configuration file. */
export class DemoGateway {
  readonly config: string
  #running: Gateway | null = null

  constructor(config: string) {
    this.config = config
  }

  get running(): Gateway {
    if (this.#running === null) throw new Error('the gateway does not run')
    return this.#running
  }

  /** On the ports of its configuration, or on others where somebody was quicker. */
  async start(): Promise<void> {
    for (let left = TRIES; this.#running === null; left--) {
      try {
        this.#running = await startDemoGateway(this.config)
      } catch (error) {
        if (left === 0 || !(await chooseAnew(this.config))) throw error
      }
    }
  }

  async stop(): Promise<void> {
    const stopping = this.#running
    this.#running = null
    await stopping?.stop()
  }
}
