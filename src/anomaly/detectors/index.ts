/** All detectors. A new one is a file and a line here. */
import type { Detector } from '../model.ts'
import { deniedBurst } from './denied-burst.ts'

export const DETECTORS: readonly Detector[] = [deniedBurst]

export const detectorOf = (name: string): Detector | undefined => DETECTORS.find((d) => d.name === name)
