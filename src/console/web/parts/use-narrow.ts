/** Whether the screen is too narrow for two columns. */
import { useSyncExternalStore } from 'react'

const query = window.matchMedia('(max-width: 900px)')

function listen(tell: () => void): () => void {
  query.addEventListener('change', tell)
  return () => query.removeEventListener('change', tell)
}

export const useNarrow = (): boolean => useSyncExternalStore(listen, () => query.matches)
