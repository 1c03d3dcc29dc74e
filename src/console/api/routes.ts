/**
 * THE table of the API: every route and who may call it. What is not here is not there; a role that is not named is
 * refused. public: no session. enrol: an account that has yet to set its second factor. any: every enrolled account.
 * bearer: also the deployment's secret, from loopback. spec/console.openapi.yaml says the same, and a test compares.
 */
import type { Role } from '../../accounts/index.ts'

export type Admitted = Role | 'public' | 'enrol' | 'any' | 'bearer'
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

export interface Route {
  readonly operation: Operation
  readonly method: Method
  readonly path: string
  readonly roles: readonly Admitted[]
}

const READERS = ['editor', 'approver', 'auditor'] as const

export const TABLE = {
  signIn: ['post', '/api/session', ['public']],
  getSession: ['get', '/api/session', ['enrol', 'any']],
  signOut: ['delete', '/api/session', ['enrol', 'any']],
  beginTotp: ['post', '/api/session/totp', ['enrol']],
  confirmTotp: ['post', '/api/session/totp/confirm', ['enrol']],
  changePassword: ['post', '/api/session/password', ['any']],
  listUsers: ['get', '/api/users', ['admin', 'auditor']],
  addUser: ['post', '/api/users', ['admin']],
  changeUser: ['patch', '/api/users/{userId}', ['admin']],
  resetUser: ['post', '/api/users/{userId}/reset', ['admin']],
  listApprovers: ['get', '/api/approvers', ['approver', 'editor', 'auditor', 'admin']],
  proposeApprover: ['post', '/api/approvers', ['approver']],
  withdrawApprover: ['delete', '/api/approvers/{name}', ['approver']],
  getVocabulary: ['get', '/api/vocabulary', ['any']],
  getRules: ['get', '/api/rules/{ref}', READERS],
  getRuleFile: ['get', '/api/rules/{ref}/file', READERS],
  getProblems: ['get', '/api/rules/{ref}/problems', READERS],
  getMatrix: ['get', '/api/rules/{ref}/matrix', READERS],
  preview: ['post', '/api/rules/{ref}/preview', ['editor', 'approver']],
  runTests: ['post', '/api/rules/{ref}/tests', ['editor', 'approver']],
  diffRules: ['get', '/api/rules/{ref}/diff', READERS],
  listSamples: ['get', '/api/samples', READERS],
  saveSample: ['post', '/api/samples', ['editor']],
  getSample: ['get', '/api/samples/{sampleId}', READERS],
  deleteSample: ['delete', '/api/samples/{sampleId}', ['editor']],
  listDrafts: ['get', '/api/drafts', READERS],
  addDraft: ['post', '/api/drafts', ['editor']],
  getDraft: ['get', '/api/drafts/{draftId}', READERS],
  deleteDraft: ['delete', '/api/drafts/{draftId}', ['editor']],
  putDraftFile: ['put', '/api/drafts/{draftId}/file', ['editor']],
  deleteDraftFile: ['delete', '/api/drafts/{draftId}/file', ['editor']],
  checkDraft: ['post', '/api/drafts/{draftId}/check', ['editor', 'approver']],
  setCell: ['post', '/api/drafts/{draftId}/cell', ['editor']],
  dictionaryBatch: ['post', '/api/drafts/{draftId}/dictionaries/{dictionary}', ['editor']],
  rebaseDraft: ['post', '/api/drafts/{draftId}/rebase', ['editor']],
  reopenDraft: ['post', '/api/drafts/{draftId}/reopen', ['editor']],
  submitDraft: ['post', '/api/drafts/{draftId}/submit', ['editor']],
  listProposals: ['get', '/api/proposals', READERS],
  getProposal: ['get', '/api/proposals/{proposalId}', READERS],
  activate: ['post', '/api/proposals/{proposalId}/activate', ['editor', 'approver']],
  withdrawProposal: ['post', '/api/proposals/{proposalId}/withdraw', ['editor']],
  refuseProposal: ['post', '/api/proposals/{proposalId}/refuse', ['approver']],
  prepareStatement: ['post', '/api/statements', ['approver']],
  approve: ['post', '/api/approvals', ['approver']],
  getHistory: ['get', '/api/history', ['any']],
  getShadow: ['get', '/api/shadow', ['editor', 'approver', 'auditor', 'ops']],
  stopShadow: ['post', '/api/shadow/stop', ['approver']],
  getNodes: ['get', '/api/nodes', ['any']],
  getAudit: ['get', '/api/audit', ['auditor']],
  getAnomalies: ['get', '/api/anomalies', ['ops', 'auditor', 'bearer']],
  getSummary: ['get', '/api/calls/summary', ['ops', 'auditor', 'bearer']],
} as const satisfies Readonly<Record<string, readonly [Method, string, readonly Admitted[]]>>

export type Operation = keyof typeof TABLE

export const ROUTES: readonly Route[] = (Object.keys(TABLE) as Operation[]).map((operation) => {
  const [method, path, roles] = TABLE[operation]
  return { operation, method, path, roles }
})

/** May an account of these roles, enrolled, call it? */
export const admits = (route: Route, roles: readonly Role[]): boolean =>
  route.roles.includes('any') || roles.some((role) => route.roles.includes(role))

/** The operations open to a session. */
export const openTo = (stage: 'enrol' | 'full', roles: readonly Role[]): Operation[] =>
  ROUTES.filter((r) => (stage === 'enrol' ? r.roles.includes('enrol') : admits(r, roles))).map((r) => r.operation)
