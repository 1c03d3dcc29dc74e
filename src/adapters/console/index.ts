/** The door to the console's file. */
import type { Accounts } from '../../ports/accounts.ts'
import type { Workshop } from '../../ports/workshop.ts'
import { SqliteAccounts } from './accounts.ts'
import { openTables } from './tables.ts'
import { SqliteWorkshop } from './workshop.ts'

/** `path`: the file, or `:memory:`. Throws when it cannot be opened or has another format. */
export function openConsoleFile(path: string): { readonly accounts: Accounts; readonly workshop: Workshop } {
  const db = openTables(path)
  return { accounts: new SqliteAccounts(db), workshop: new SqliteWorkshop(db) }
}
