/** Who is signed in, for every page; nothing of it is kept in the browser but the server's own cookie. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { useLanguage } from '../i18n/language.tsx'
import { unkept } from '../parts/unkept.ts'
import { call, keepCsrf, Refused, whenSignedOut } from './client.ts'
import type { Schemas } from './types.ts'

export type Session = Schemas['Session']

interface SessionState {
  /** undefined while it is asked for, null when nobody is signed in */
  readonly session: Session | null | undefined
  readonly expired: boolean
  readonly enter: (session: Session) => void
  readonly leave: () => Promise<void>
  readonly refresh: () => Promise<void>
  readonly may: (operation: string) => boolean
}

const SessionContext = createContext<SessionState | null>(null)

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session | null | undefined>(undefined)
  const [expired, setExpired] = useState(false)
  const { setZone } = useLanguage()
  const enter = useCallback(
    (next: Session) => {
      keepCsrf(next.csrf)
      setZone(next.deployment.zone)
      setExpired(false)
      setSession(next)
    },
    [setZone],
  )
  const refresh = useCallback(async () => {
    try {
      enter(await call('GET /api/session', {}))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setSession(null)
    }
  }, [enter])
  useEffect(() => {
    whenSignedOut(() => {
      setExpired(true)
      setSession(null)
    })
    void refresh()
  }, [refresh])
  const leave = useCallback(async () => {
    await call('DELETE /api/session', {}).catch(() => undefined)
    unkept.clear()
    setSession(null)
  }, [])
  const value = useMemo<SessionState>(
    () => ({ session, expired, enter, leave, refresh, may: (operation) => session?.may.includes(operation) ?? false }),
    [session, expired, enter, leave, refresh],
  )
  return <SessionContext value={value}>{children}</SessionContext>
}

export function useSession(): SessionState {
  const state = useContext(SessionContext)
  if (state === null) throw new Error('no session around this part')
  return state
}

/** The signed-in session, inside pages that only exist for one. */
export function useSignedIn(): Session {
  const { session } = useSession()
  if (session == null) throw new Error('nobody is signed in')
  return session
}
