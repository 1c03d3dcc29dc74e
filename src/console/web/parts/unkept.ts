/** What was typed into a draft and could not be kept: it waits in this window until its writer has settled it. */
import { useSyncExternalStore } from 'react'

export interface Unkept {
  readonly text: string
  /** the text it was typed over */
  readonly etag: string
}

const waiting = new Map<string, Unkept>()
const listeners = new Set<() => void>()
let version = 0

const nameOf = (draft: string, path: string): string => `${draft} ${path}`

function told(): void {
  version += 1
  for (const listener of listeners) listener()
}

export const unkept = {
  get: (draft: string, path: string): Unkept | undefined => waiting.get(nameOf(draft, path)),
  put(draft: string, path: string, typed: Unkept): void {
    waiting.set(nameOf(draft, path), typed)
    told()
  },
  drop(draft: string, path: string): void {
    if (waiting.delete(nameOf(draft, path))) told()
  },
  /** signed out on purpose: nothing is left for whoever comes next */
  clear(): void {
    waiting.clear()
    told()
  },
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Files of a draft with text that was not kept. */
export function useUnkept(draft: string): readonly string[] {
  useSyncExternalStore(listen, () => version)
  return [...waiting.keys()].filter((name) => name.startsWith(`${draft} `)).map((name) => name.slice(draft.length + 1))
}
