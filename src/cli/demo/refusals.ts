/** Calls that must not pass: each is refused, tells the caller nothing, and leaves its exact code in the record. */
import { LOST, PEOPLE } from './cast.ts'
import { STAY } from './samples.ts'
import { type Ask, ask, codeOf, type Scene } from './scene.ts'
import { sheet } from './sheet.ts'

const RECORD = `/teaching/inpatients/${STAY.inpatientNo}`

interface Trial {
  readonly what: string
  readonly who: (typeof PEOPLE)[keyof typeof PEOPLE]
  readonly question: Ask
  /** what the caller is told */
  readonly publicCode: string
  /** what the record says */
  readonly exact: string
}

const TRIALS: readonly Trial[] = [
  {
    what: '用县医院的令牌、研究中心的证书 · another institution’s token',
    who: PEOPLE.doctor,
    question: { path: RECORD, from: 'research' },
    publicCode: 'TOKEN_INVALID',
    exact: 'TOKEN_CERT_MISMATCH',
  },
  {
    what: '未授权的接口 · an interface without permission',
    who: PEOPLE.thirdParty,
    question: { path: `/teaching/hl7/reports/${STAY.inpatientNo}` },
    publicCode: 'TOKEN_PERMISSION',
    exact: 'TOKEN_PERMISSION',
  },
  {
    what: '令牌已过期 · an expired token',
    who: PEOPLE.doctor,
    question: { path: RECORD, token: { issued: -7200, lifetime: 600 } },
    publicCode: 'TOKEN_INVALID',
    exact: 'TOKEN_EXPIRED',
  },
  {
    what: '证书已吊销 · a revoked certificate',
    who: PEOPLE.doctor,
    question: { path: RECORD, from: LOST, token: { bound: LOST } },
    publicCode: 'CERT_REVOKED',
    exact: 'CERT_REVOKED',
  },
  {
    what: '控制级病历 · a record at control level',
    who: PEOPLE.researcher,
    question: { path: `/teaching/inpatients/${STAY.controlNo}` },
    publicCode: 'LEVEL5_FORBIDDEN',
    exact: 'LEVEL5_FORBIDDEN',
  },
]

/** Exact codes by call id, for the comparison with the records at the end. */
export async function showRefusals(scene: Scene): Promise<ReadonlyMap<string, string>> {
  const expected = new Map<string, string>()
  const rows: string[][] = []
  for (const trial of TRIALS) {
    const answer = await ask(scene, trial.who, trial.question)
    const told = codeOf(answer)
    rows.push([trial.what, String(answer.status), told, trial.exact])
    scene.check(`refused: ${trial.exact}`, answer.status >= 400 && told === trial.publicCode)
    expected.set(answer.callId, trial.exact)
  }
  scene.say('应当拒绝的调用 · calls that must not pass')
  scene.say(sheet(['', '状态 status', '告知调用方 told', '记录 recorded'], rows, 60))
  return expected
}

/** The same refusal again and again: what a misconfigured or curious system does. */
export async function burst(scene: Scene, calls: number): Promise<number> {
  let refused = 0
  for (let i = 0; i < calls; i++) {
    const answer = await ask(scene, PEOPLE.thirdParty, { path: `/teaching/hl7/reports/${STAY.inpatientNo}` })
    if (codeOf(answer) === 'TOKEN_PERMISSION') refused++
  }
  return refused
}
