/** The gateway of the demo: the one `serve` starts, in this process, with the throw-away authority let in. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { WinstonLog } from '../../adapters/log/winston.ts'
import { formatProblem } from '../../base/problem.ts'
import { parseConfig } from '../../config.ts'
import { type Gateway, startGateway } from '../../main.ts'

/** Throws when the configuration that the demo wrote is not good: a fault of the demo. */
export async function startDemoGateway(configPath: string): Promise<Gateway> {
  const { config, problems } = parseConfig(configPath, readFileSync(configPath, 'utf8'))
  if (config === null) throw new Error(problems.all.map(formatProblem).join('\n'))
  const base = dirname(configPath)
  const log = new WinstonLog({ file: join(base, 'veilgate.log'), node: config.node })
  return startGateway({ config, base, env: {}, log, admitDemo: true })
}
