/** Writes docs/words.md from the vocabulary of the rules; test/docs.test.ts holds the file to it. Run: node scripts/words-doc.ts */
import { writeFileSync } from 'node:fs'
import { type Context, keysOf, valuesOf, writtenValue } from '../src/base/vocabulary.ts'
import { VALUES, WORDS } from '../src/base/words.ts'
import { METHODS } from '../src/mask/transforms/index.ts'

const HEAD = `# Words of the rules

Made from \`src/base/words.ts\` by \`node scripts/words-doc.ts\`; do not edit. A rules file is written in one language;
\`veilgate rules fmt --lang zh|en\` turns it into the other. What the keys mean: [rules.md](rules.md).

## Keys
`

/** The whole text of docs/words.md. */
export function wordsDoc(): string {
  const parts = [HEAD]
  for (const context of Object.keys(WORDS) as Context[]) {
    parts.push(`### ${context}`, '', '| English | 中文 |', '|---|---|')
    const zh = keysOf(context, 'zh')
    parts.push(...keysOf(context, 'en').map((en, i) => `| ${en} | ${zh[i]} |`), '')
  }
  parts.push('## Values', '', '| set | English | 中文 |', '|---|---|---|')
  for (const set of Object.keys(VALUES) as (keyof typeof VALUES)[]) {
    parts.push(...valuesOf(set).map((value) => `| ${set} | ${value} | ${writtenValue(set, value, 'zh')} |`))
  }
  parts.push('', '## Methods', '', '| English | 中文 | what it does | 说明 |', '|---|---|---|---|')
  for (const method of METHODS.values()) {
    parts.push(`| ${method.name} | ${method.zh} | ${method.summary.en} | ${method.summary.zh} |`)
  }
  return `${parts.join('\n')}\n`
}

if (import.meta.main) writeFileSync(new URL('../docs/words.md', import.meta.url), wordsDoc())
