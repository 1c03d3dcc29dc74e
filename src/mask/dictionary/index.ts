/** Dictionaries: reading a CSV, looking a whole field up. */
export { inForce, lookUp, replacementsOf, termKey } from './lookup.ts'
export { COLUMNS, readDictionary } from './read.ts'
