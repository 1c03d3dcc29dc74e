/** Tokens as files and curl lines that are ready to paste, for a demo that stays up. */
import type { Consortium } from '../../pki/consortium.ts'
import { PEOPLE, type Person, tokenFor } from './cast.ts'
import { STAY } from './samples.ts'
import type { Workspace } from './workspace.ts'

const CALLS: readonly (readonly [who: keyof typeof PEOPLE, path: string, note?: string])[] = [
  ['doctor', `/teaching/inpatients/${STAY.inpatientNo}`],
  ['nurse', `/teaching/inpatients/${STAY.inpatientNo}`],
  ['researcher', `/teaching/inpatients/${STAY.inpatientNo}`],
  ['researcher', `/teaching/fhir/Bundle/${STAY.referral}`],
  ['researcher', `/teaching/hl7/reports/${STAY.inpatientNo}`],
  ['thirdParty', `/teaching/inpatients/${STAY.inpatientNo}`],
  ['thirdParty', `/teaching/hl7/reports/${STAY.inpatientNo}`, '应被拒绝 · to be refused'],
]

const fileOf = (who: Person): string => `${who.en}.token`

/** Tokens live an hour; called again before they run out. */
export async function writeTokens(workspace: Workspace, consortium: Consortium): Promise<void> {
  for (const who of Object.values(PEOPLE)) {
    workspace.write(fileOf(who), await tokenFor(consortium, who, Date.now()))
  }
}

/** The lines, with the folder as a variable so that they stay readable. */
export function curlLines(workspace: Workspace, port: number, control: number): string {
  const lines = CALLS.map(([name, path, note]) => {
    const who: Person = PEOPLE[name]
    return [
      `# ${who.zh} ${who.en}${note === undefined ? '' : `  (${note})`}`,
      `curl --cacert "$DEMO/ca.pem" --cert "$DEMO/${who.institution}.pem" --key "$DEMO/${who.institution}.key" \\`,
      `  -H "Authorization: Bearer $(cat "$DEMO/${fileOf(who)}")" https://localhost:${port}${path}`,
    ].join('\n')
  })
  lines.push(
    `# 异常 anomalies\ncurl --cacert "$DEMO/ca.pem" -H "Authorization: Bearer $(cat "$DEMO/control.secret")" https://localhost:${control}/api/anomalies`,
  )
  return [`DEMO=${workspace.folder}`, ...lines].join('\n\n')
}
