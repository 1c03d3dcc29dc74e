/**
 * Microsoft's anonymizer for FHIR: its own inputs, configurations and expected outputs, as far as the corpora hold them.
 * For every path of the input: is it kept, removed or replaced, there and here? Values of keyed methods and the labels
 * they add to meta.security are not compared. Skipped loudly where the corpora are not there.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createRing } from '../../src/base/keyring.ts'
import { compilePlan, compileRules, maskPayload, NO_HINTS, Pseudonyms } from '../../src/mask/index.ts'
import { type MsConfiguration, translate } from './ms-anonymizer/translate.ts'

const CORPUS = fileURLToPath(new URL('../../../shared/corpora/peer-ms-anonymizer/', import.meta.url))
const SHARED = 'Microsoft.Health.Fhir.Anonymizer.Shared.FunctionalTests/'
const RESOURCES = `${SHARED}TestResources/`
const R4 = 'Microsoft.Health.Fhir.Anonymizer.R4.FunctionalTests/r4-configuration-sample.json'
const TOOL = 'Microsoft.Health.Fhir.Anonymizer.R4.CommandLineTool/configuration-sample.json'

interface Triple {
  readonly input: string
  readonly configuration: string
  readonly target: string
  /** paths that differ, each with the reason */
  readonly exceptions?: Readonly<Record<string, string>>
}

const of = (name: string, configuration: string, more: Partial<Triple> = {}): Triple => ({
  input: `${RESOURCES}${name}.json`,
  configuration: `${SHARED}Configurations/${configuration}.json`,
  target: `${RESOURCES}${name}-target.json`,
  ...more,
})

/** a member HealthcareService does not have (notAvailable), so the rule reaches nothing there either */
const MISSPELT = ['HealthcareService.notAvaliable.description']

/** rules-language.md, References: the id of a contained resource names nothing outside it, so `#p1` and its target stay. */
const LOCAL_IDS = {
  'contained.0.id: removed there, kept here': 'the id of a contained resource stays',
  'asserter.reference: removed there, kept here': 'a fragment stays with the id it points at',
}

const TRIPLES: readonly Triple[] = [
  of('patient-no-partial', 'common-no-partial-config'),
  of('patient-basic', 'redact-all-config', { target: `${RESOURCES}patient-redact-all-target.json` }),
  of('contained-basic', 'common-config'),
  of('contained-basic', 'redact-all-config', {
    target: `${RESOURCES}contained-redact-all-target.json`,
    exceptions: LOCAL_IDS,
  }),
  of('contained-substitute', 'substitute-multiple'),
  of('patient-substitute-conflict-rules', 'substitute-conflict-rules'),
  of('patient-substitute-multiple-2', 'substitute-multiple-2'),
  of('R4OnlyResource/Claim-R4', '', { configuration: R4 }),
  of('R4OnlyResource/OrganizationAffiliation', '', { configuration: R4 }),
]

type Fate = 'kept' | 'removed' | 'replaced'

const json = (path: string): unknown => JSON.parse(readFileSync(CORPUS + path, 'utf8').replace(/^\ufeff/, ''))

function scalars(value: unknown, path = '', out = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) scalars(item, path === '' ? key : `${path}.${key}`, out)
  else out.set(path, value)
  return out
}

function fates(input: unknown, output: unknown): Map<string, Fate> {
  const after = scalars(output)
  return new Map(
    [...scalars(input)].map(([path, value]): [string, Fate] => [
      path,
      !after.has(path) || after.get(path) === null ? 'removed' : after.get(path) === value ? 'kept' : 'replaced',
    ]),
  )
}

function typesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = (value as { resourceType?: unknown }).resourceType
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap(typesIn)]
}

function planFor(configuration: MsConfiguration, types: readonly string[]) {
  const { elements, bindings, policy, idle } = translate(configuration, types)
  const { rules, problems } = compileRules([
    { path: 'elements.yaml', text: elements },
    { path: 'bindings/ms.yaml', text: bindings },
    { path: 'policies/ms.yaml', text: policy },
  ])
  assert.ok(rules, JSON.stringify(problems.slice(0, 3)))
  const plan = compilePlan(
    rules,
    {
      role: 'researcher',
      scenario: null,
      recipient: 'university',
      institution: 'university',
      provider: 'teaching',
      purpose: null,
      interfaceId: 'x',
      format: 'fhir',
      direction: 'response',
      policy: null,
      rows: null,
    },
    {
      pseudonyms: new Pseudonyms(createRing(Buffer.alloc(32, 5), '2026-01-01T00:00:00Z')),
      today: () => '2026-11-21',
    },
  )
  assert.ok(plan)
  return { plan, idle }
}

const there = existsSync(CORPUS)
describe('microsoft anonymizer', {
  skip: there ? false : `the corpora are not there: ${TRIPLES.length + 1} cases skipped`,
}, () => {
  for (const { input, configuration, target, exceptions = {} } of TRIPLES)
    it(`${input.split('/').at(-1)} under ${configuration.split('/').at(-1)}`, () => {
      const source = json(input)
      const { plan } = planFor(json(configuration) as MsConfiguration, [...new Set(typesIn(source))])
      const out = maskPayload(plan, Buffer.from(JSON.stringify(source)), NO_HINTS, { maxDepth: 64, maxBytes: 1 << 20 })
      const theirs = fates(source, json(target))
      const ours = fates(source, JSON.parse(out.body.toString()))
      const differ = [...theirs].filter(([path, fate]) => ours.get(path) !== fate)
      const told = differ.map(([path, fate]) => `${path}: ${fate} there, ${ours.get(path)} here`)
      assert.deepEqual(told, Object.keys(exceptions))
    })

  it('every rule of their sample configurations acts, but for those that name nothing FHIR R4 has', () => {
    for (const path of [R4, TOOL]) {
      const configuration = json(path) as MsConfiguration
      const roots = new Set(configuration.fhirPathRules.map((r) => /^[A-Z]\w*/.exec(r.path)?.[0] ?? 'Patient'))
      roots.delete('Resource')
      const { idle, elements, bindings, policy } = translate(configuration, [
        ...roots,
        'ResearchStudy',
        'PlanDefinition',
      ])
      assert.deepEqual(idle, MISSPELT)
      assert.ok(
        compileRules([
          { path: 'elements.yaml', text: elements },
          { path: 'bindings/ms.yaml', text: bindings },
          { path: 'policies/ms.yaml', text: policy },
        ]).rules,
      )
      assert.ok(bindings.split('\n').length > 5000)
    }
  })
})
