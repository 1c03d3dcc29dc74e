/** `veilgate rules learn`: proposes bindings for an interface from samples of it; every line waits for a person. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { learn, type Proposal } from '../../mask/proof/learn.ts'
import { RefusedError, refusing } from '../authority/refused.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { openBundle } from './open-bundle.ts'
import { readLang, type Spoken } from './spoken.ts'

const OPTIONS = {
  interface: { type: 'string' },
  rules: { type: 'string', default: 'rules' },
  json: { type: 'boolean', default: false },
  lang: { type: 'string' },
} as const

export function learnBindings(args: readonly string[], io: Io): Promise<number> {
  return refusing('rules learn', io, async () => {
    const { values, positionals } = readArgs(args, OPTIONS, 'any')
    const say = readLang(values.lang, io)
    const id = values.interface
    if (id === undefined || !/^[a-z0-9][a-z0-9.-]{0,63}$/.test(id)) throw new UsageError('--interface ID')
    if (positionals.length === 0) throw new UsageError('at least one sample')
    const { compiled } = await openBundle(values.rules, io)
    const texts = await Promise.all(positionals.map((p) => readSample(p, io)))
    const proposals = learn(compiled.rules, id, texts)
    if (values.json) io.out(`${JSON.stringify(proposals, null, 2)}\n`)
    else {
      const names = new Map(compiled.rules.elements.map((e) => [e.id, say.lang === 'zh' ? e.zh : e.id]))
      io.out(bindingsFile(id, proposals, texts.length, names, say))
    }
    return EXIT.done
  })
}

/** NDJSON counts as one document a line. */
async function readSample(path: string, io: Io): Promise<string> {
  const text = await readFile(resolve(io.cwd, path), 'utf8').catch(() => {
    throw new UsageError(`${path} cannot be read`)
  })
  const body = text.replace(/^\ufeff/, '')
  for (const candidate of [body, `[${body.trim().split(/\r?\n/).join(',')}]`])
    try {
      JSON.parse(candidate)
      return candidate
    } catch {
      // The other reading may hold; if none does, the file is refused below without quoting it.
    }
  throw new RefusedError(`${path} is no JSON`)
}

/** A bindings file to put beside the others: proposed lines, each with its evidence, then what stays unknown. */
export function bindingsFile(
  id: string,
  proposals: readonly Proposal[],
  samples: number,
  names: ReadonlyMap<string, string>,
  say: Spoken,
): string {
  const lines = [
    say({
      zh: `# 由 ${samples} 份样例提出的建议。逐行核对：正确则删去“状态: 建议”，否则删去该行；未确认者不得发布。`,
      en: `# Proposed from ${samples} samples. Check every line: take \`status: proposed\` away where it is right, else the line; nothing unconfirmed is released.`,
    }),
    say({ zh: `接口: ${id}`, en: `interface: ${id}` }),
  ]
  const open = proposals.filter((p) => p.element !== null && !p.bound)
  for (const [element, own] of Map.groupBy(open, (p) => p.element!)) {
    lines.push(`${names.get(element) ?? element}:`)
    for (const p of own) lines.push(`  - ${selectorText(p, say)}  # ${evidenceText(p, say)}`)
  }
  const known = proposals.filter((p) => p.bound)
  const rest = proposals.filter((p) => p.element === null)
  for (const p of known) lines.push(`# ${say({ zh: '已有落点', en: 'bound already' })}: ${p.address} ${p.element}`)
  for (const p of rest)
    lines.push(
      `# ${say({ zh: '未知', en: 'unknown' })}: ${p.address} (${p.filled}/${p.seen})${p.others.length === 0 ? '' : ` ? ${p.others.join(', ')}`}`,
    )
  return `${lines.join('\n')}\n`
}

function selectorText({ selector }: Proposal, say: Spoken): string {
  const status = say({ zh: '状态: 建议', en: 'status: proposed' })
  if ('pair' in selector) return `{ ${say({ zh: '标签', en: 'pair' })}: ${JSON.stringify(selector.pair)}, ${status} }`
  return `{ ${say({ zh: '路径', en: 'path' })}: ${JSON.stringify(selector.path)}, ${status} }`
}

const BY = {
  alias: { zh: '别名', en: 'alias' },
  words: { zh: '键名', en: 'words' },
  detector: { zh: '识别', en: 'detector' },
  shape: { zh: '形态', en: 'shape' },
} as const

const evidenceText = (p: Proposal, say: Spoken): string =>
  [
    say({ zh: `${p.level} 级`, en: `level ${p.level}` }),
    ...p.evidence.map(
      (e) => `${say(BY[e.by])} ${e.what}${e.by === 'alias' || e.by === 'words' ? '' : ` ${e.hits}/${e.of}`}`,
    ),
    say({ zh: `${p.filled}/${p.seen} 有值`, en: `${p.filled}/${p.seen} filled` }),
  ].join('; ')
