/** The journal's door: one writer per worker, readers with places of their own, recovery and retention. */

export { type FileJournal, type JournalOptions, openJournal, type WriterCounters } from './file.ts'
export { Keeper, type KeeperOptions, type KeptReader } from './keeper.ts'
export { MemoryJournal } from './memory.ts'
export { type Place, parsePlace, placeFile, placeText, START } from './place.ts'
export { type Batch, JournalReader, type ReaderOptions } from './reader.ts'
export { type RecoveryOptions, recoverJournal, workersIn } from './recovery.ts'
export { workerName } from './segment.ts'
