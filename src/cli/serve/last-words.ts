/**
 * What a process that breaks says of itself. Node prints the error's message and the line it stood in, and a message may
 * quote what was being read: only the code and the places in our own files are told.
 */
import { writeSync } from 'node:fs'

const CODE = /^[A-Z][A-Z0-9_]{1,40}$/
/** `at name (file:///x.ts:1:2)` or `at file:///x.ts:1:2` */
const FRAME = /^ {4}at (?:(?:async |new )*[\w$.<>#[\] ]{1,120} \()?(?:file:\/\/|node:)[^\s()]{1,300}:\d+:\d+\)?$/

/** Takes the place of Node's own last words; the exit code stays what it was. */
export function installLastWords(): void {
  process.on('uncaughtException', (error: unknown) => {
    // nothing may keep a broken process alive, not even a closed stderr
    try {
      writeSync(2, lastWords(error))
    } finally {
      process.exit(1)
    }
  })
}

export function lastWords(error: unknown): string {
  const { code, stack, message } = (error ?? {}) as { code?: unknown; stack?: unknown; message?: unknown }
  const known = typeof code === 'string' && CODE.test(code) ? ` (${code})` : ''
  const frames = framesOf(String(stack ?? ''), String(message ?? '')).slice(0, 20)
  return [`veilgate serve: a fault ended this process${known}; please report these lines`, ...frames, ''].join('\n')
}

/** A message may have lines that look like frames: what stands before its end is none. */
function framesOf(stack: string, message: string): string[] {
  const at = stack.indexOf(message)
  const rest = at < 0 ? '' : stack.slice(at + message.length)
  return rest.split('\n').filter((line) => FRAME.test(line))
}
