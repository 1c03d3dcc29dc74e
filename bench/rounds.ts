/**
 * Fair measuring: every contestant in its own process, one running at a time, short rounds interleaved in alternating
 * order, CPU time of all threads (GC included), medians. Two contestants are compared round by round, each against its
 * neighbour in time: a machine that runs at half speed for some seconds then slows both. See ARCHITECTURE.md, Bench.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'

export interface Sample {
  readonly ops: number
  readonly bytes: number
  /** microseconds of CPU, all threads */
  readonly cpu: number
}

export interface Contestant {
  readonly name: string
  /** module under bench/ that calls {@link contestant} */
  readonly module: string
  readonly args: readonly string[]
}

export interface Measured {
  readonly name: string
  /** CPU microseconds per operation: median, least, most */
  readonly perOp: readonly [number, number, number]
  /** the same of every round */
  readonly rounds: readonly number[]
  readonly bytesPerOp: number
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** How many times `a` is of `b`: the median of the ratios of their rounds. */
export const ratioOf = (a: readonly number[], b: readonly number[]): number =>
  median(a.map((value, round) => value / b[round]!))

/** Runs all contestants for `rounds` rounds of `ms` milliseconds each. */
export async function measure(contestants: readonly Contestant[], rounds: number, ms: number): Promise<Measured[]> {
  const children = []
  for (const c of contestants) {
    const child = fork(new URL(c.module, import.meta.url), c.args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    await once(child, 'message')
    children.push(child)
  }
  const samples: Sample[][] = contestants.map(() => [])
  for (let round = 0; round < rounds; round++) {
    const order = contestants.map((_, i) => (round % 2 === 0 ? i : contestants.length - 1 - i))
    for (const i of order) {
      children[i]!.send({ ms })
      const [sample] = (await once(children[i]!, 'message')) as [Sample]
      samples[i]!.push(sample)
    }
  }
  for (const child of children) child.disconnect()
  return contestants.map((c, i) => {
    const perOp = samples[i]!.map((s) => s.cpu / s.ops)
    return {
      name: c.name,
      perOp: [median(perOp), Math.min(...perOp), Math.max(...perOp)],
      rounds: perOp,
      bytesPerOp: samples[i]![0]!.bytes / samples[i]![0]!.ops,
    }
  })
}

/** The child's side: warms up, then runs `step` (returning bytes handled) for as long as asked. */
export function contestant(step: () => number): void {
  const run = (ms: number): Sample => {
    const until = performance.now() + ms
    const before = process.cpuUsage()
    let ops = 0
    let bytes = 0
    do {
      for (let i = 0; i < 8; i++) {
        bytes += step()
        ops++
      }
    } while (performance.now() < until)
    const used = process.cpuUsage(before)
    return { ops, bytes, cpu: used.user + used.system }
  }
  run(400)
  process.on('message', (message: { ms: number }) => process.send!(run(message.ms)))
  process.send!('ready')
}
