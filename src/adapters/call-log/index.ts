/** The call log's door. */
export { MemoryCallLog } from './memory.ts'
export { openCallLog } from './sqlite.ts'
export { openCallLogReader } from './sqlite-reader.ts'
