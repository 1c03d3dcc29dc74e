/** Every operation of the table, whole: one that is missing does not compile. */
import type { SignIn } from '../../accounts/sign-in.ts'
import type { Handlers } from '../call.ts'
import type { ConsoleOptions } from '../options.ts'
import { Samples } from '../samples.ts'
import { Shelf } from '../shelf.ts'
import { dictionaryOperations } from './dictionary.ts'
import { draftOperations } from './drafts.ts'
import { peopleOperations } from './people.ts'
import { previewOperations } from './preview.ts'
import { releaseOperations } from './release.ts'
import { ruleOperations } from './rules.ts'
import { sampleOperations } from './samples.ts'
import { sessionOperations } from './session.ts'
import { shadowOperations } from './shadow.ts'
import { watchOperations } from './watch.ts'

export function operationsOf(options: ConsoleOptions, signIn: SignIn): Handlers {
  const shelf = new Shelf(options)
  const samples = new Samples(shelf, options.workshop)
  return {
    ...sessionOperations(options, signIn),
    ...peopleOperations(options),
    ...ruleOperations(options, shelf),
    ...previewOperations(options, shelf, samples),
    ...sampleOperations(options, samples),
    ...draftOperations(options, shelf),
    ...dictionaryOperations(options, shelf, samples),
    ...releaseOperations(options),
    ...shadowOperations(options),
    ...watchOperations(options),
  }
}
