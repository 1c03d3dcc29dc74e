/** The source of rules a deployment asks for, with what it keeps in the state folder and says of itself. */
import { keepRelease, keptRelease } from '../../adapters/state/kept-release.ts'
import { fingerprint, type Keyring } from '../../base/keyring.ts'
import type { Config } from '../../config.ts'
import type { ShadowCounts } from '../../ports/bundle-store.ts'
import type { Log } from '../../ports/log.ts'
import { openStore } from '../release/open-store.ts'
import { DraftSource } from './draft-source.ts'
import type { RuleSource, SourceTools } from './rule-source.ts'
import { SignedSource } from './signed-source.ts'
import { StoreSource } from './store-source.ts'

export interface SourceRequest {
  readonly config: Config
  readonly keyring: Keyring
  readonly env: Readonly<Record<string, string | undefined>>
  readonly locate: (path: string) => string
  readonly log: Log
  /** one worker of a state folder keeps the rules and speaks for the node */
  readonly speaks: boolean
  /** codes of /readyz: the reasons, then the notes */
  readonly condition: () => readonly string[]
  readonly shadow: () => ShadowCounts | null
}

/** Throws as openStore(). */
export async function openSource(request: SourceRequest): Promise<(tools: SourceTools) => RuleSource> {
  const { config, keyring, locate, log, speaks } = request
  const { source, approval, approvers } = config.release
  const state = locate(config.state)
  const folder = locate(config.rules)
  const keepIn = speaks ? state : null
  const now = Date.now
  const kept = {
    read: () => keptRelease(state, keyring),
    write: speaks ? (release: Parameters<typeof keepRelease>[1]) => keepRelease(state, release, keyring) : null,
  }
  if (source === 'folder') {
    if (approval === 'off') return (tools) => new DraftSource({ folder, keepIn, state, log }, tools)
    return (tools) => new SignedSource({ folder, roster: approvers, kept, now, log }, tools)
  }
  const store = await openStore(config.release.store, { locate, env: request.env, onRoad: true })
  const ring = fingerprint(keyring)
  const attest = () => ({ node: config.node, keyring: ring, notes: request.condition(), shadow: request.shadow() })
  return (tools) =>
    new StoreSource(
      {
        store,
        roster: approvers,
        required: approval === 'required',
        kept,
        attest: speaks ? attest : null,
        now,
        log,
      },
      tools,
    )
}
