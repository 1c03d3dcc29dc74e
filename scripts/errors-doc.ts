/** Writes docs/errors.md from the catalogue of codes; test/docs.test.ts holds the file to it. Run: node scripts/errors-doc.ts */
import { writeFileSync } from 'node:fs'
import { CODES, type Code, publicRow } from '../src/base/errors.ts'

const HEAD = `# Error codes

Made from \`src/base/errors.ts\` by \`node scripts/errors-doc.ts\`; do not edit.

The record always has the exact code. The caller sees the public one, in the format it speaks: \`application/problem+json\`,
a FHIR OperationOutcome or an HL7 acknowledgment. *Retryable* says whether the same call may succeed later unchanged.

| exact code | public code | status | retryable | 中文 | English |
|---|---|---|---|---|---|
`

/** The whole text of docs/errors.md. */
export function errorsDoc(): string {
  const rows = (Object.keys(CODES) as Code[]).map((code) => {
    const shown = publicRow(code)
    const { zh, en, retryable } = CODES[code]
    return `| ${code} | ${shown.code} | ${shown.status} | ${retryable ? 'yes' : 'no'} | ${zh} | ${en} |`
  })
  return `${HEAD}${rows.join('\n')}\n`
}

if (import.meta.main) writeFileSync(new URL('../docs/errors.md', import.meta.url), errorsDoc())
