/** How far one reader of the journal has come: per segment, and in total. Saved by the reader with what it read. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

export interface SegmentPlace {
  /** of the segment's header: tells it from a later one of the same name */
  readonly salt: string
  /** byte after the last frame read */
  readonly offset: number
  /** records read up to there */
  readonly records: number
  /** nothing more will come */
  readonly done: boolean
}

export interface Place {
  readonly segments: Readonly<Record<string, SegmentPlace>>
  /** records delivered since the state folder exists */
  readonly sent: number
  /** records given up unread because the journal was over its bound */
  readonly dropped: number
}

export const START: Place = { segments: {}, sent: 0, dropped: 0 }

export const placeText = (place: Place): string => JSON.stringify(place)

/** Reads what placeText wrote; anything else is refused, for a wrong place would lose records silently. */
export function parsePlace(text: string): Place {
  const value: unknown = JSON.parse(text)
  if (!isObject(value) || !isObject(value.segments)) throw new Error('not a place in the journal')
  const segments: Record<string, SegmentPlace> = {}
  for (const [name, at] of Object.entries(value.segments)) {
    if (!isObject(at) || typeof at.salt !== 'string') throw new Error('not a place in the journal')
    segments[name] = {
      salt: at.salt,
      offset: natural(at.offset),
      records: natural(at.records),
      done: at.done === true,
    }
  }
  return { segments, sent: natural(value.sent), dropped: natural(value.dropped) }
}

/** For readers that have no store of their own: a file, replaced as a whole. */
export function placeFile(path: string): { load(): Place; save(place: Place): void } {
  return {
    load() {
      try {
        return parsePlace(readFileSync(path, 'utf8'))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return START
        throw error
      }
    },
    save(place) {
      writeFileSync(`${path}.new`, placeText(place), { mode: 0o600 })
      renameSync(`${path}.new`, path)
    },
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function natural(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new Error('not a place in the journal')
  return value
}
