/**
 * Prints every seeded mistake as its author would meet it: the file and the message, nothing else. For a blind reader.
 * `--more` prints the longer list of slips, `--answers` what was meant to be done.
 */
import { SLIPS } from '../test/mistakes/more.ts'
import { MISTAKES, type Mistake } from '../test/mistakes/table.ts'
import { tell } from '../test/mistakes/tell.ts'

const answers = process.argv.includes('--answers')

const SLIPPED: readonly Mistake[] = SLIPS.map(({ name, path, text }) => ({
  name,
  kind: path.endsWith('.csv') ? 'csv' : 'yaml',
  path,
  text,
  told: [],
  mend: name,
}))

for (const [i, mistake] of (process.argv.includes('--more') ? SLIPPED : MISTAKES).entries()) {
  const { command, text } = await tell(mistake)
  process.stdout.write(`\n## ${i + 1}\n\n${mistake.path}\n\n${fileOf(mistake)}\n\n$ ${command}\n${text}\n`)
  if (answers) process.stdout.write(`\nanswer: ${mistake.mend}\n`)
}

function fileOf({ text, rows, kind, mode = 0o600 }: Mistake): string {
  if (kind === 'keys') return text === '' ? '(no such file)' : `mode ${mode.toString(8)}, ${text.trim()}`
  if (rows !== undefined) return rows.map((row, n) => `${String(n + 1).padStart(3)} | ${row.join(' | ')}`).join('\n')
  return text
    .trimEnd()
    .split('\n')
    .map((line, n) => `${String(n + 1).padStart(3)} | ${line}`)
    .join('\n')
}
