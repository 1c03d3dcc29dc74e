/** The signing key of this account in this browser, if it has one. */
import { useCallback, useEffect, useState } from 'react'
import { useSignedIn } from '../api/session.tsx'
import { type ApproverKey, findKey, makeKey, signJws } from '../signing/key.ts'

interface Signer {
  /** undefined while it is looked for, null when this browser has none */
  readonly key: ApproverKey | null | undefined
  readonly make: () => Promise<ApproverKey>
  readonly sign: (payload: string, type: string, key?: ApproverKey) => Promise<string>
}

export function useSigner(): Signer {
  const { account } = useSignedIn()
  const [key, setKey] = useState<ApproverKey | null | undefined>(undefined)
  useEffect(() => {
    void findKey(account.id).then((found) => setKey(found ?? null))
  }, [account.id])
  const make = useCallback(async () => {
    const made = await makeKey(account.id)
    setKey(made)
    return made
  }, [account.id])
  const sign = useCallback(
    async (payload: string, type: string, own = key) => {
      if (own == null) throw new Error('no key in this browser')
      return signJws(own, { alg: 'ES256', kid: own.thumbprint, typ: type }, payload)
    },
    [key],
  )
  return { key, make, sign }
}
