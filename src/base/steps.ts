/** Long work in slices: a generator that yields every few milliseconds or oftener, run at once or with pauses between. */

/** Asked between two steps; undefined: no pause is due. */
export type Pause = () => Promise<void> | undefined

export type Steps<T> = Generator<undefined, T>

/** Runs it to the end without a pause. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** Runs it to the end; a pause is awaited where one is due, so that calls are served meanwhile. */
export async function inSlices<T>(steps: Steps<T>, pause: Pause): Promise<T> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    const pausing = pause()
    if (pausing !== undefined) await pausing
  }
}
