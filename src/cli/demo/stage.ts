/** Everything up and running for one run, and its way down again in reverse order. */
import { webcrypto } from 'node:crypto'
import { type Consortium, mintConsortium } from '../../pki/consortium.ts'
import type { Io } from '../command.ts'
import { type Broker, chooseBroker } from './broker.ts'
import { type Caller, openCaller } from './caller.ts'
import { MEMBERS } from './cast.ts'
import { writeDeployment } from './deployment.ts'
import { freePort } from './free-port.ts'
import { DemoGateway } from './gateway.ts'
import { readSamples } from './samples.ts'
import type { Scene } from './scene.ts'
import type { Checked } from './summary.ts'
import { startSystems } from './systems.ts'
import { Workspace } from './workspace.ts'

const PORTS = { data: 8443, operations: 9090, control: 9443 } as const

export interface Stage {
  readonly scene: Scene
  readonly checks: readonly Checked[]
  readonly broker: Broker
  readonly gateway: DemoGateway
  /** calls sent so far */
  sent(): number
  tearDown(): Promise<void>
}

export async function setUp(kafka: string | undefined, io: Io): Promise<Stage> {
  const undo = new Undo()
  try {
    return await raise(undo, kafka, io)
  } catch (error) {
    await undo.all()
    throw error
  }
}

async function raise(undo: Undo, kafka: string | undefined, io: Io): Promise<Stage> {
  const now = new Date()
  const workspace = new Workspace()
  undo.add(() => workspace.remove())
  const samples = readSamples()
  const systems = await startSystems(samples)
  undo.add(() => systems.close())
  const broker = await chooseBroker(kafka)
  undo.add(() => broker.stop())
  const consortium = await mintConsortium({ crypto: webcrypto, now }, { institutions: MEMBERS })
  const ports = {
    data: await freePort(PORTS.data),
    operations: await freePort(PORTS.operations),
    control: await freePort(PORTS.control),
  }
  const request = { workspace, consortium, systems, ports, kafka: broker.address, now }
  const { config, secret } = await writeDeployment(request)
  const gateway = new DemoGateway(config)
  undo.add(() => gateway.stop())
  await gateway.start()
  const { callers, sent } = openCallers(consortium, gateway.running.port, undo)
  const checks: Checked[] = []
  const scene: Scene = {
    consortium,
    samples,
    systems,
    workspace,
    callers,
    control: { port: gateway.running.controlPort ?? ports.control, secret },
    say: (text = '') => io.out(`${text}\n`),
    check: (what, holds) => void checks.push({ what, holds }),
  }
  return { scene, checks, broker, gateway, sent, tearDown: () => undo.all() }
}

function openCallers(consortium: Consortium, port: number, undo: Undo): Pick<Scene, 'callers'> & Pick<Stage, 'sent'> {
  let sent = 0
  const callers = new Map<string, Caller>()
  for (const [id, { chain, privateKey }] of consortium.clients) {
    const caller = openCaller(port, { ca: consortium.root.certificate, cert: chain, key: privateKey })
    undo.add(() => caller.close())
    callers.set(id, {
      ...caller,
      call: (question) => {
        sent++
        return caller.call(question)
      },
    })
  }
  return { callers, sent: () => sent }
}

/** What has to be taken down, newest first; a step that fails keeps none of the others, the keys' removal least of all. */
class Undo {
  readonly #steps: (() => unknown)[] = []

  add(step: () => unknown): void {
    this.#steps.push(step)
  }

  async all(): Promise<void> {
    const failed: unknown[] = []
    for (const step of this.#steps.splice(0).toReversed()) {
      try {
        await step()
      } catch (error) {
        failed.push(error)
      }
    }
    if (failed.length > 0) throw failed[0]
  }
}
