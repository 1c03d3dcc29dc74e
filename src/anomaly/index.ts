/** The door of the anomaly core. */
export { type CompiledAnomalies, compileAnomalies, type RuleText } from './compile.ts'
export type { Anomaly, Count, Detector, Per, Severity, Signal } from './model.ts'
export { type Observation, observe } from './observe.ts'
