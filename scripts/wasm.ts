/**
 * Compiles wasm/*.ts (AssemblyScript) into data/*.json. With `--check` it writes nothing and fails where a file is not
 * what its source compiles to.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))
const SOURCE = 'wasm/json-scanner.ts'
const TARGET = 'data/json-scanner.json'

/** The module as the text of its data file. Throws with the compiler's words. */
export async function compileScanner(): Promise<string> {
  const asc = (await import('assemblyscript/asc')).default
  let binary: Uint8Array | null = null
  const { error, stderr } = await asc.main(
    [
      'json-scanner.ts',
      '-O3',
      '--runtime',
      'stub',
      '--importMemory',
      '--enable',
      'simd',
      '--noAssert',
      '-o',
      'out.wasm',
    ],
    {
      readFile: (name) => (name === 'json-scanner.ts' ? readFileSync(path(SOURCE), 'utf8') : null),
      writeFile: (name, contents) => void (name === 'out.wasm' && (binary = contents as Uint8Array)),
      listFiles: () => [],
    },
  )
  if (error !== null || binary === null) throw new Error(`${SOURCE}: ${stderr.toString()}`)
  return `${JSON.stringify({ source: SOURCE, wasm: Buffer.from(binary).toString('base64') }, null, 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await compileScanner()
  if (!process.argv.includes('--check')) writeFileSync(path(TARGET), text)
  else if (readFileSync(path(TARGET), 'utf8') !== text) {
    process.stderr.write(`${TARGET} is not what ${SOURCE} compiles to; run "node scripts/wasm.ts"\n`)
    process.exitCode = 1
  }
}
