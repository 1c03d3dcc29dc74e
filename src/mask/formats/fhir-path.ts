/**
 * Selectors of FHIR bindings: a type name (`HumanName`), or a FHIRPath subset (HL7 FHIRPath N1): child steps,
 * `where(a.b = 'x')`, `extension('url')`, `ofType(T)`; and `Reference(A|B).display` for the target's type. One condition
 * a selector. Every name is checked against the R4 definitions, so a typing error is found at load.
 */
import { nearest } from '../../base/near.ts'
import { isAbstract, isPrimitive, isResource, isType, propertiesOf, type TypeRef } from './fhir-types.ts'
import type { SelectorError } from './format.ts'

export interface FhirStep {
  readonly name: string
  /** alternative of a choice, or null = all */
  readonly only: string | null
}

export interface FhirWhere {
  /** the condition stands on the value after this many steps; 0 = the anchor itself */
  readonly after: number
  readonly path: readonly string[]
  readonly value: string
}

export interface FhirSelector {
  readonly anchor: string
  readonly steps: readonly FhirStep[]
  readonly where: FhirWhere | null
  /** target types of the Reference form, or null */
  readonly targets: readonly string[] | null
}

class Refusal extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Reads one selector; an error carries the offset in `text`. */
export function parseFhirSelector(text: string): FhirSelector | SelectorError {
  try {
    return new Reader(text).selector()
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message, offset: error.offset }
    throw error
  }
}

/** primitive types that mean something wherever they stand */
const DATES: ReadonlySet<string> = new Set(['date', 'dateTime', 'instant'])
const NAME = /[A-Za-z][A-Za-z0-9]*/y

class Reader {
  readonly #text: string
  #at = 0
  #types: readonly TypeRef[] = []
  readonly #steps: FhirStep[] = []
  #where: FhirWhere | null = null

  constructor(text: string) {
    this.#text = text
  }

  selector(): FhirSelector {
    const anchor = this.#name('a type name')
    if (!isType(anchor)) throw new Refusal(`FHIR R4 has no type ${anchor}`, 0)
    if ((isPrimitive(anchor) && !DATES.has(anchor)) || anchor === 'Element' || anchor === 'BackboneElement') {
      throw new Refusal(`${anchor} is too wide for a selector`, 0)
    }
    if (anchor === 'Reference' && this.#eat('(')) return this.#reference()
    this.#types = [{ type: anchor, targets: null }]
    while (this.#eat('.')) this.#part()
    if (this.#at < this.#text.length) throw new Refusal('expected "." or the end', this.#at)
    return { anchor, steps: this.#steps, where: this.#where, targets: null }
  }

  #reference(): FhirSelector {
    const targets: string[] = []
    do {
      const at = this.#at
      const name = this.#name('a resource type')
      if (!isResource(name) || isAbstract(name)) throw new Refusal(`FHIR R4 has no resource ${name}`, at)
      targets.push(name)
    } while (this.#eat('|'))
    this.#need(')')
    this.#need('.')
    const at = this.#at
    if (this.#name('display') !== 'display') throw new Refusal('expected "display"', at)
    if (this.#at < this.#text.length) throw new Refusal('expected the end', this.#at)
    return { anchor: 'Reference', steps: [{ name: 'display', only: null }], where: null, targets }
  }

  #part(): void {
    const at = this.#at
    const name = this.#name('an element name')
    if (!this.#eat('(')) {
      this.#step(name, at)
      return
    }
    if (name === 'where') this.#condition(at)
    else if (name === 'extension') {
      this.#step('extension', at)
      this.#setWhere({ after: this.#steps.length, path: ['url'], value: this.#string() }, at)
    } else if (name === 'ofType') this.#ofType(at)
    else throw new Refusal('the functions are where, extension and ofType', at)
    this.#need(')')
  }

  #step(name: string, at: number): void {
    const types = childTypes(this.#types, name)
    if (types.length === 0) {
      const owners = this.#types.map((t) => t.type).join('|')
      const near = nearest(
        name,
        this.#types.flatMap((t) => [...propertiesOf(t.type).keys()]),
      )
      throw new Refusal(`${owners} has no element ${name}${near === null ? '' : `, did you mean ${near}?`}`, at)
    }
    this.#types = types
    this.#steps.push({ name, only: null })
  }

  #ofType(at: number): void {
    const type = this.#name('a type name')
    const last = this.#steps.pop()
    const found = this.#types.filter((t) => t.type === type)
    if (last === undefined || found.length === 0) throw new Refusal(`no alternative of type ${type} here`, at)
    this.#types = found
    this.#steps.push({ name: last.name, only: type })
  }

  #condition(at: number): void {
    const after = this.#steps.length
    const path: string[] = []
    let types = this.#types
    do {
      this.#blank()
      const from = this.#at
      const name = this.#name('an element name')
      types = childTypes(types, name)
      if (types.length === 0) throw new Refusal(`no element ${name} here`, from)
      path.push(name)
    } while (this.#eat('.'))
    this.#blank()
    this.#need('=')
    this.#blank()
    const value = this.#string()
    this.#blank()
    this.#setWhere({ after, path, value }, at)
  }

  #setWhere(where: FhirWhere, at: number): void {
    if (this.#where !== null) throw new Refusal('one condition a selector', at)
    this.#where = where
  }

  #string(): string {
    const from = this.#at
    this.#need("'")
    const end = this.#text.indexOf("'", this.#at)
    if (end < 0) throw new Refusal("expected a closing '", this.#text.length)
    const value = this.#text.slice(this.#at, end)
    if (value === '' || value.includes('\\')) throw new Refusal('expected text without backslashes', from)
    this.#at = end + 1
    return value
  }

  #name(what: string): string {
    NAME.lastIndex = this.#at
    const m = NAME.exec(this.#text)
    if (m === null) throw new Refusal(`expected ${what}`, this.#at)
    this.#at = NAME.lastIndex
    return m[0]
  }

  #eat(c: string): boolean {
    if (this.#text[this.#at] !== c) return false
    this.#at++
    return true
  }

  #need(c: string): void {
    if (!this.#eat(c)) throw new Refusal(`expected "${c}"`, this.#at)
  }

  #blank(): void {
    while (this.#text[this.#at] === ' ') this.#at++
  }
}

/** Types of the element `name` (FHIRPath name) of values of the given types. */
export function childTypes(types: readonly TypeRef[], name: string): TypeRef[] {
  const found = new Map<string, TypeRef>()
  for (const { type } of types) {
    for (const property of propertiesOf(type).values()) {
      if (property.name === name) for (const t of property.types) found.set(t.type, t)
    }
  }
  return [...found.values()]
}
