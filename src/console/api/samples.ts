/** Samples: the synthetic ones beside the rule tests of the active bundle, and those saved here. */
import { formatOf } from '../../mask/language/rule-test.ts'
import type { SavedSample, Workshop } from '../../ports/workshop.ts'
import type { BundleFile } from '../../release/model.ts'
import { Refusal } from './failure.ts'
import type { Shelf } from './shelf.ts'

export interface Sample {
  readonly id: string
  readonly title: string
  readonly format: string
  readonly shipped: boolean
  /** account id, null for shipped ones */
  readonly by: string | null
  readonly at: string | null
  readonly text: string
}

const FOLDER = /^policies\/(?:.*\/)?samples\//
const SHIPPED = 'rules.'

export class Samples {
  readonly #shelf: Shelf
  readonly #workshop: Workshop

  constructor(shelf: Shelf, workshop: Workshop) {
    this.#shelf = shelf
    this.#workshop = workshop
  }

  /** shipped ones first */
  async list(): Promise<Sample[]> {
    return [...(await this.#shipped()), ...this.#workshop.samples().map(saved)]
  }

  /** Throws Refusal NOT_FOUND. */
  async get(id: string): Promise<Sample> {
    const own = this.#workshop.sample(id)
    const found = own === null ? (await this.#shipped()).find((s) => s.id === id) : saved(own)
    if (found === undefined) throw new Refusal('NOT_FOUND')
    return found
  }

  async #shipped(): Promise<Sample[]> {
    // without active rules there are no samples either
    const files = await this.#shelf.active().catch((error: unknown) => {
      if (error instanceof Refusal) return []
      throw error
    })
    return files.filter(({ path }) => FOLDER.test(path)).flatMap(shipped)
  }
}

function shipped({ path, text, encoding }: BundleFile): Sample[] {
  const format = formatOf(path)
  const title = path.replace(FOLDER, '')
  if (format === null) return []
  const id = SHIPPED + title.replaceAll(/[^A-Za-z0-9._-]/g, '_')
  const whole = Buffer.from(text, encoding).toString('utf8')
  return [{ id, title, format, shipped: true, by: null, at: null, text: whole }]
}

const saved = (sample: SavedSample): Sample => ({ ...sample, shipped: false })
