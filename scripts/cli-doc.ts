/** Writes docs/cli.md from the commands' own help texts; test/docs.test.ts holds the file to it. Run: node scripts/cli-doc.ts */
import { writeFileSync } from 'node:fs'
import type { Io } from '../src/cli/command.ts'
import { runCli } from '../src/cli/index.ts'

const HEAD = `# Commands

Made from the commands' own help by \`node scripts/cli-doc.ts\`; do not edit. Exit codes: 0 done, 1 refused or failed checks,
2 wrong usage.
`

/** The whole text of docs/cli.md. */
export async function cliDoc(): Promise<string> {
  const overview = await help([])
  const names = [...overview.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1]!)
  const parts = [HEAD, '```', overview.trimEnd(), '```']
  for (const name of names) parts.push('', `## ${name}`, '', '```', (await help([name])).trimEnd(), '```')
  return `${parts.join('\n')}\n`
}

async function help(args: readonly string[]): Promise<string> {
  let text = ''
  const io: Io = {
    stdin: process.stdin,
    out: (part) => {
      text += part
    },
    raw: () => Promise.resolve(),
    err: () => undefined,
    env: {},
    cwd: '.',
  }
  await runCli([...args, '--help'], io)
  return text
}

if (import.meta.main) writeFileSync(new URL('../docs/cli.md', import.meta.url), await cliDoc())
