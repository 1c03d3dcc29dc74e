/** Few password checks at a time: each takes 128 MiB, and a flood of them must not take the machine. */
export interface Gatekeeper {
  /** Runs it when there is room. Null when too many wait already. */
  admit<T>(work: () => Promise<T>): Promise<T | null>
}

export function gatekeeper(atOnce = 2, waiting = 16): Gatekeeper {
  let running = 0
  const queue: (() => void)[] = []
  return {
    async admit(work) {
      if (running >= atOnce) {
        if (queue.length >= waiting) return null
        // the place is handed over, never given back in between
        await new Promise<void>((resolve) => queue.push(resolve))
      } else running++
      try {
        return await work()
      } finally {
        const next = queue.shift()
        if (next === undefined) running--
        else next()
      }
    },
  }
}
