/** A command that cannot be carried out as things are: one sentence for the operator, exit 1. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/** Runs a command's body; a refusal becomes a line on stderr and exit 1. */
export async function refusing(name: string, io: { err(text: string): void }, body: () => Promise<number>) {
  try {
    return await body()
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    io.err(`veilgate ${name}: ${error.message}\n`)
    return 1
  }
}
