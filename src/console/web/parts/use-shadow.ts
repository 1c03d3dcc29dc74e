/** The shadow run as the nodes report it, asked again while somebody looks. */
import { call } from '../api/client.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { usePolling } from './use-polling.ts'

const EVERY = 3000

export function useShadow() {
  const loaded = useLoaded(() => call('GET /api/shadow', {}), 'shadow')
  usePolling(loaded.reload, EVERY)
  return loaded
}
