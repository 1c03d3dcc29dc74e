/** Where a deployment stands: what every examination needs beside the configuration. */
export interface Ward {
  readonly locate: (path: string) => string
  readonly env: Readonly<Record<string, string | undefined>>
  /** milliseconds */
  readonly now: number
}
