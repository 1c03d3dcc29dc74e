/** What the rules define and the words they are written in, together: the form and the completion live on it. */
import { useMemo } from 'react'
import { call } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { type Loaded, useLoaded } from '../api/use-loaded.ts'
import { Lexicon } from '../yaml/lexicon.ts'

export interface Ground {
  readonly rules: Schemas['Rules']
  readonly lexicon: Lexicon
}

export function useGround(reference: string): { ground: Ground | undefined; rules: Loaded<Schemas['Rules']> } {
  const rules = useLoaded(() => call('GET /api/rules/{ref}', { path: { ref: reference } }), `rules ${reference}`)
  const words = useLoaded(() => call('GET /api/vocabulary', {}), 'vocabulary')
  const lexicon = useMemo(() => (words.data === undefined ? undefined : new Lexicon(words.data)), [words.data])
  const ground = rules.data === undefined || lexicon === undefined ? undefined : { rules: rules.data, lexicon }
  return { ground, rules }
}
