/**
 * Stands in for the style module of Ant Design's utilities (vite.config.ts swaps it in): the same functions, with
 * constructed style sheets in place of <style> elements. Under `style-src 'self'` an element is refused, a sheet made
 * by script is not. Nothing a user wrote ever comes here: the texts are the component library's own.
 */

interface Options {
  readonly mark?: string
  readonly prepend?: boolean | 'queue'
  readonly priority?: number
}

interface Entry {
  readonly key: string
  readonly node: HTMLStyleElement
  readonly sheet: CSSStyleSheet
  readonly early: boolean
  readonly priority: number
  text: string
}

const entries: Entry[] = []
let anonymous = 0

const markOf = ({ mark }: Options): string => (mark === undefined ? 'rc-util-key' : mark.replace(/^data-/, ''))
const find = (key: string) => entries.find((entry) => entry.key === key)

/** At once, not in a later turn: layout effects measure the page right after. */
function publish(): void {
  const foreign = document.adoptedStyleSheets.filter((sheet) => !entries.some((entry) => entry.sheet === sheet))
  document.adoptedStyleSheets = [...entries.map((entry) => entry.sheet), ...foreign]
}

function insert(entry: Entry): void {
  // early ones stand before all others, sorted by priority; within one priority in order of arrival
  const index = entry.early
    ? entries.findIndex((other) => !other.early || other.priority > entry.priority)
    : entries.length
  entries.splice(index === -1 ? entries.length : index, 0, entry)
}

export function injectCSS(css: string, options: Options = {}): HTMLStyleElement {
  anonymous += 1
  return put(css, `anonymous-${anonymous}`, options)
}

export function updateCSS(css: string, key: string, options: Options = {}): HTMLStyleElement {
  return put(css, `${markOf(options)}/${key}`, options)
}

export function removeCSS(key: string, options: Options = {}): void {
  const index = entries.findIndex((entry) => entry.key === `${markOf(options)}/${key}`)
  if (index === -1) return
  entries.splice(index, 1)
  publish()
}

/** The library calls it between its own tests; there is no cache here. */
export function clearContainerCache(): void {}

function put(css: string, key: string, options: Options): HTMLStyleElement {
  const found = find(key)
  if (found !== undefined) {
    if (found.text !== css) found.sheet.replaceSync((found.text = css))
    return found.node
  }
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  // callers hang attributes on the element they get; it never enters the page and holds no text
  const node = document.createElement('style')
  const early = options.prepend !== undefined && options.prepend !== false
  insert({ key, node, sheet, early, priority: options.prepend === 'queue' ? (options.priority ?? 0) : -1, text: css })
  publish()
  return node
}
