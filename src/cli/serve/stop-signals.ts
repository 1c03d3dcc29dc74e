/** SIGTERM and SIGINT: the first one stops in order, a second one at once. */

export interface StopSignals {
  /** resolves with the first signal */
  readonly stop: Promise<void>
  release(): void
}

export function stopSignals(log: { info(event: string): void; warn(event: string): void }): StopSignals {
  const first = Promise.withResolvers<void>()
  let told = false
  const hear = () => {
    if (told) {
      log.warn('serve.killed')
      process.exit(1)
    }
    told = true
    log.info('serve.stopping')
    first.resolve()
  }
  process.on('SIGTERM', hear)
  process.on('SIGINT', hear)
  return {
    stop: first.promise,
    release() {
      process.off('SIGTERM', hear)
      process.off('SIGINT', hear)
    },
  }
}
