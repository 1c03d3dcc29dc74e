/** Long work in slices: a generator that yields every few milliseconds, run at once or with pauses between. */

export type Steps<T> = Generator<undefined, T>

/** Runs it to the end without a pause. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** Runs it to the end; `pause` is awaited between two slices, so that calls are served meanwhile. */
export async function inSlices<T>(steps: Steps<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await pause()
  }
}
