/** How V8 collects garbage in a process that carries bodies (docs/decisions/0012). */
import { setFlagsFromString } from 'node:v8'

/**
 * A body is memory outside the heap, and V8 marks the whole heap again for every 64 MB of it, however small the heap;
 * counted within the heap's own limit, bodies of dead calls go with the next short collection. The limit then grows by
 * half at a time: by V8's own fourfold steps bodies of 50 MB would fill a gigabyte before anything is collected.
 */
export function countBodiesAsHeap(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit')
  setFlagsFromString('--heap-growing-percent=50')
}
