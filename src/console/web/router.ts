/** Where the reader is: the fragment of the address (`#/matrix?policy=research`), so that a reload and Back keep it. */
import { useSyncExternalStore } from 'react'

export interface Place {
  readonly page: string
  readonly query: URLSearchParams
}

let last = { hash: '', place: { page: '', query: new URLSearchParams() } as Place }

function read(): Place {
  const hash = window.location.hash
  if (hash !== last.hash || last.place.page === '') {
    const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
    last = { hash, place: { page: path === '' ? 'home' : path, query: new URLSearchParams(query) } }
  }
  return last.place
}

function listen(tell: () => void): () => void {
  window.addEventListener('hashchange', tell)
  return () => window.removeEventListener('hashchange', tell)
}

export const usePlace = (): Place => useSyncExternalStore(listen, read)

export function hrefOf(page: string, query: Record<string, string | undefined> = {}): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const text = new URLSearchParams(entries).toString()
  return `#/${page}${text === '' ? '' : `?${text}`}`
}

export function go(page: string, query: Record<string, string | undefined> = {}): void {
  window.location.hash = hrefOf(page, query)
}
