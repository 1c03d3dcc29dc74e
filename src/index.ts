/**
 * The library door: masking only. Importing it opens no file, socket or clock; keys, day and rules are arguments.
 *
 * @example
 * const { rules, problems } = compileRules([{ path: 'elements.yaml', text: '...' }])
 * const plan = compilePlan(rules, { role: 'researcher', ... }, world)
 * const { body } = maskPayload(plan, bytes, NO_HINTS, { maxDepth: 512, maxBytes: 8 << 20 })
 */
export { CODES, type Code, GatewayError } from './base/errors.ts'
export { formatProblem, type Problem } from './base/problem.ts'
export * from './mask/index.ts'
