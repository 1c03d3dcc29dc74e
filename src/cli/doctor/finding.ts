/** What the doctor says of one thing: a code, what it is about and what to do next. Never a secret, never a payload. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail'
  /** stable, for monitoring */
  readonly code: string
  /** file, address or part as the configuration names it */
  readonly about: string
  readonly told: string
}

export const ok = (code: string, about: string, told: string): Finding => ({ state: 'ok', code, about, told })
export const warn = (code: string, about: string, told: string): Finding => ({ state: 'warn', code, about, told })
export const fail = (code: string, about: string, told: string): Finding => ({ state: 'fail', code, about, told })
