/** Signing in and out, the second factor, one's own password. */
import { csrfOf, idleUntil } from '../../../accounts/index.ts'
import type { Signed, SignIn } from '../../accounts/sign-in.ts'
import { type Answer, bodyOf, type Call, type Handlers, NO_CONTENT, signedOf } from '../call.ts'
import { Refusal } from '../failure.ts'
import type { ConsoleOptions } from '../options.ts'
import { openTo } from '../routes.ts'

type Operations = 'signIn' | 'getSession' | 'signOut' | 'beginTotp' | 'confirmTotp' | 'changePassword'

export function sessionOperations(options: ConsoleOptions, signIn: SignIn): Pick<Handlers, Operations> {
  const view = (signed: Signed) => sessionView(signed, options)
  const renewed = async (signed: Signed): Promise<Answer> => ({ json: await view(signed), session: signed })
  return {
    async signIn(call) {
      const { name, password, totp } = bodyOf<{ name: string; password: string; totp?: string }>(call)
      try {
        const signed = await signIn.signIn(name, password, totp ?? '', call.address)
        // a session that was there before, planted or one's own, is never carried on
        if (call.cookie !== null) signIn.end(call.cookie)
        options.accounts.sweep(options.now())
        return await renewed(signed)
      } catch (error) {
        if (error instanceof Refusal) call.about.object = options.accounts.accountNamed(name)?.id ?? null
        throw error
      }
    },
    getSession: async (call) => ({ json: await view(signedOf(call)) }),
    signOut(call) {
      signIn.end(signedOf(call).value)
      return { ...NO_CONTENT, session: null }
    },
    beginTotp: (call) => ({ json: signIn.begin(signedOf(call)) }),
    async confirmTotp(call) {
      const { totp, password } = bodyOf<{ totp: string; password: string }>(call)
      return renewed(await signIn.confirm(signedOf(call), totp, password))
    },
    async changePassword(call: Call) {
      const { current, next, totp } = bodyOf<{ current: string; next: string; totp: string }>(call)
      return renewed(await signIn.changePassword(signedOf(call), current, next, totp))
    },
  }
}

async function sessionView({ value, session, account }: Signed, { node, zone, desk }: ConsoleOptions) {
  // before enrolment nothing is told of the deployment but its name
  const state = session.stage === 'full' ? await desk.state() : null
  const { id, name, displayName, roles } = account
  return {
    stage: session.stage,
    account: { id, name, displayName, roles },
    csrf: csrfOf(value),
    idleUntil: new Date(idleUntil(session)).toISOString(),
    endsAt: new Date(session.endsAt).toISOString(),
    may: openTo(session.stage, roles),
    deployment: {
      node,
      zone,
      approval: state?.approval ?? 'required',
      source: state?.source ?? 'store',
      active: state?.active?.hash ?? null,
    },
  }
}
