/** Generated from spec/console.openapi.yaml by scripts/console-types.ts; change the document, not this file. */

export interface Schemas {
  Id: string
  Hash: string
  AccountName: string
  ApproverId: string
  Coordinate: string
  Ref: string
  Path: string
  Time: string
  Role: 'editor' | 'approver' | 'auditor' | 'ops' | 'admin'
  Say: {
    readonly zh: string
    readonly en: string
  }
  Problem: {
    readonly type: string
    readonly title: string
    readonly status: number
    readonly code: string
    readonly messageZh: string
    readonly messageEn: string
    readonly retryAfter?: number
    readonly problems?: ReadonlyArray<Schemas['RuleProblem']>
    readonly hits?: ReadonlyArray<Schemas['DetectorHits']>
    readonly etag?: string
  }
  Credentials: {
    readonly name: string
    readonly password: string
    readonly totp?: string
  }
  PasswordChange: {
    readonly current: string
    readonly next: string
    readonly totp: string
  }
  TotpSecret: {
    readonly secret: string
    readonly uri: string
  }
  TotpConfirmation: {
    readonly totp: string
    readonly password: string
  }
  Session: {
    readonly stage: 'enrol' | 'full'
    readonly account: Schemas['Me']
    readonly csrf: string
    readonly idleUntil: Schemas['Time']
    readonly endsAt: Schemas['Time']
    readonly may: ReadonlyArray<string>
    readonly deployment: {
      readonly node: string
      readonly zone: string
      readonly approval: 'required' | 'off'
      readonly source: 'store' | 'folder'
      readonly active: (Schemas['Hash'] | null)
    }
  }
  Me: {
    readonly id: Schemas['Id']
    readonly name: string
    readonly displayName: string
    readonly roles: ReadonlyArray<Schemas['Role']>
  }
  User: {
    readonly id: Schemas['Id']
    readonly name: string
    readonly displayName: string
    readonly roles: ReadonlyArray<Schemas['Role']>
    readonly disabled: boolean
    readonly enrolled: boolean
    readonly lockedUntil: (Schemas['Time'] | null)
    readonly createdAt: Schemas['Time']
    readonly lastSignIn: (Schemas['Time'] | null)
  }
  NewUser: {
    readonly name: Schemas['AccountName']
    readonly displayName: string
    readonly roles: ReadonlyArray<Schemas['Role']>
  }
  UserChange: {
    readonly displayName?: string
    readonly roles?: ReadonlyArray<Schemas['Role']>
    readonly disabled?: boolean
  }
  KeyProposal: {
    readonly x: Schemas['Coordinate']
    readonly y: Schemas['Coordinate']
    readonly label: string
    readonly proof: Schemas['Jws']
  }
  Jws: string
  Signature: {
    readonly jws: Schemas['Jws']
  }
  Approvers: {
    readonly enrolled: ReadonlyArray<{
      readonly name: Schemas['ApproverId']
      readonly id: Schemas['Coordinate']
      readonly x: Schemas['Coordinate']
      readonly y: Schemas['Coordinate']
      readonly account: boolean
    }>
    readonly proposed: ReadonlyArray<Schemas['ProposedKey']>
  }
  ProposedKey: {
    readonly name: Schemas['AccountName']
    readonly id: Schemas['Coordinate']
    readonly x: Schemas['Coordinate']
    readonly y: Schemas['Coordinate']
    readonly label: string
    readonly at: Schemas['Time']
  }
  Who: {
    readonly id: string
    readonly name: string
  }
  Vocabulary: {
    readonly contexts: Readonly<Record<string, ReadonlyArray<Schemas['WordOf']>>>
    readonly values: Readonly<Record<string, ReadonlyArray<{
      readonly en: string
      readonly zh: string
    }>>>
  }
  WordOf: {
    readonly en: string
    readonly zh: string
    readonly child: (Schemas['Child'] | null)
  }
  Child: {
    readonly words?: string
    readonly map?: string
    readonly each?: Schemas['Child']
    readonly keys?: string
    readonly list?: Schemas['Child']
  }
  Rules: {
    readonly ref: Schemas['Ref']
    readonly hash: (Schemas['Hash'] | null)
    readonly compiled: boolean
    readonly files: ReadonlyArray<{
      readonly path: string
      readonly size: number
      readonly etag: string
      readonly change: 'same' | 'changed' | 'added' | 'removed'
    }>
    readonly elements: ReadonlyArray<{
      readonly id: string
      readonly zh: string
      readonly kind: string
      readonly level: number
      readonly group: string | null
    }>
    readonly methods: ReadonlyArray<{
      readonly name: string
      readonly zh: string
      readonly summary: Schemas['Say']
      readonly kinds: ReadonlyArray<string> | null
      readonly params: Readonly<Record<string, unknown>>
    }>
    readonly policies: ReadonlyArray<{
      readonly id: string
      readonly file: string
      readonly line: number
      readonly roles: ReadonlyArray<string> | null
      readonly scenarios: ReadonlyArray<string> | null
      readonly institutions: ReadonlyArray<string> | null
      readonly directCare: boolean
    }>
    readonly roles: ReadonlyArray<string>
    readonly scenarios: ReadonlyArray<string>
    readonly institutions: ReadonlyArray<Schemas['Named']>
    readonly interfaces: ReadonlyArray<{
      readonly id: string
      readonly zh: string
      readonly format: Schemas['Format']
      readonly provider: string
    }>
    readonly dictionaries: ReadonlyArray<{
      readonly id: string
      readonly terms: number
    }>
  }
  Named: {
    readonly id: string
    readonly zh: string
  }
  Format: string
  FileText: {
    readonly text: string
  }
  RuleFile: {
    readonly ref: Schemas['Ref']
    readonly path: string
    readonly text: string
    readonly etag: string
    readonly language: 'zh' | 'en'
  }
  Overlay: {
    readonly files: ReadonlyArray<{
      readonly path: Schemas['Path']
      readonly text: string
    }>
  }
  RuleProblem: {
    readonly severity: 'error' | 'warning'
    readonly file: string
    readonly line: number
    readonly col: number
    readonly code: string
    readonly message: string
    readonly expected?: string
    readonly zh?: Schemas['Told']
    readonly en?: Schemas['Told']
  }
  Told: {
    readonly message: string
    readonly expected?: string
  }
  Check: {
    readonly hash: (Schemas['Hash'] | null)
    readonly errors: number
    readonly warnings: number
    readonly problems: ReadonlyArray<Schemas['RuleProblem']>
  }
  Line: {
    readonly file: string
    readonly line: number
    readonly col: number
  }
  Why: {
    readonly source: string
    readonly policy: string | null
    readonly at: (Schemas['Line'] | null)
  }
  Matrix: {
    readonly ref: Schemas['Ref']
    readonly hash: Schemas['Hash']
    readonly interface: string | null
    readonly columns: ReadonlyArray<{
      readonly id: string
      readonly role: string
      readonly scenarios: ReadonlyArray<string | null>
      readonly institutions: ReadonlyArray<string>
      readonly policies: ReadonlyArray<string>
      readonly unknown: (null | {
        readonly treatment: string
        readonly policy: string
        readonly at: Schemas['Line']
      })
    }>
    readonly rows: ReadonlyArray<{
      readonly element: string
      readonly zh: string
      readonly kind: string
      readonly level: number
      readonly group: string | null
      readonly at: Schemas['Line']
      readonly bound: boolean
      readonly cells: ReadonlyArray<(Schemas['MatrixCell'] | null)>
    }>
    readonly totals: {
      readonly cells: number
      readonly decided: number
      readonly undecided: number
      readonly floors: number
      readonly denied: number
    }
  }
  Treatment: {
    readonly method: string
    readonly params: Readonly<Record<string, unknown>>
    readonly source: string
    readonly policy: string | null
    readonly at: (Schemas['Line'] | null)
    readonly leaves: number
  }
  MatrixCell: Schemas['Treatment'] & ({
    readonly overruled: (Schemas['Treatment'] | null)
    readonly raised: ReadonlyArray<Schemas['Treatment'] & ({
      readonly by: 'level-5' | 'minor'
    })>
    readonly narrowed: ReadonlyArray<Schemas['Treatment'] & ({
      readonly when: {
        readonly interfaces: ReadonlyArray<string> | null
        readonly institutions: ReadonlyArray<string> | null
        readonly purposes: ReadonlyArray<string> | null
      }
    })>
  })
  PreviewRequest: {
    readonly sample?: string
    readonly text?: string
    readonly format?: string
    readonly role: string
    readonly scenario?: string
    readonly institution?: string
    readonly interface?: string
    readonly purpose?: string
    readonly at?: string
    readonly files?: Schemas['Overlay']['files']
  }
  Preview: {
    readonly refused: string | null
    readonly because: (Schemas['Say'] | null)
    readonly format: string
    readonly before: string
    readonly after: string | null
    readonly values: ReadonlyArray<{
      readonly address: string
      readonly element: string | null
      readonly level: number | null
      readonly method: string
      readonly outcome: 'kept' | 'replaced' | 'removed'
      readonly before: Schemas['Span']
      readonly after: (Schemas['Span'] | null)
      readonly why: Schemas['Why']
    }>
    readonly counts: {
      readonly kept: number
      readonly replaced: number
      readonly removed: number
    }
    readonly problems: ReadonlyArray<Schemas['RuleProblem']>
  }
  Span: {
    readonly start: number
    readonly end: number
  }
  TestReport: {
    readonly passed: number
    readonly failed: number
    readonly problems: ReadonlyArray<Schemas['RuleProblem']>
  }
  ReleaseClass: 'same' | 'tighter' | 'looser'
  Diff: {
    readonly from: (Schemas['Hash'] | null)
    readonly to: Schemas['Hash']
    readonly class: Schemas['ReleaseClass']
    readonly needs: number
    readonly changes: ReadonlyArray<Schemas['Change']>
  }
  Change: {
    readonly what: string
    readonly class: Schemas['ReleaseClass']
    readonly message: Schemas['Say']
    readonly element?: string | null
    readonly column?: string | null
    readonly before?: (Schemas['Side'] | null)
    readonly after?: (Schemas['Side'] | null)
  }
  Side: {
    readonly text: string
    readonly at: (Schemas['Line'] | null)
    readonly method?: string
    readonly params?: Readonly<Record<string, unknown>>
  }
  DetectorHits: {
    readonly detector: string
    readonly count: number
  }
  Sample: {
    readonly id: string
    readonly title: string
    readonly format: Schemas['Format']
    readonly shipped: boolean
    readonly droppable: boolean
    readonly size: number
    readonly by: (Schemas['Who'] | null)
    readonly at: (Schemas['Time'] | null)
  }
  SampleText: {
    readonly id: string
    readonly title: string
    readonly format: Schemas['Format']
    readonly shipped: boolean
    readonly droppable: boolean
    readonly size: number
    readonly by: (Schemas['Who'] | null)
    readonly at: (Schemas['Time'] | null)
    readonly text: string
  }
  NewSample: {
    readonly title: string
    readonly format: string
    readonly text: string
    readonly synthetic?: boolean
  }
  NewDraft: {
    readonly title: string
  }
  Draft: {
    readonly id: Schemas['Id']
    readonly title: string
    readonly author: Schemas['Who']
    readonly base: (Schemas['Hash'] | null)
    readonly state: 'open' | 'submitted'
    readonly proposal: (Schemas['Hash'] | null)
    readonly mine: boolean
    readonly droppable: boolean
    readonly changed: ReadonlyArray<string>
    readonly createdAt: Schemas['Time']
    readonly changedAt: Schemas['Time']
  }
  CellChange: {
    readonly path: Schemas['Path']
    readonly element: string
    readonly cell: (null | {
      readonly method: string
      readonly params?: Readonly<Record<string, unknown>>
    })
    readonly text?: string
  }
  CellText: {
    readonly path: string
    readonly text: string
    readonly line: number | null
  }
  DictionaryBatch: {
    readonly dictionary: string
    readonly applied: boolean
    readonly rows: number
    readonly added: number
    readonly changed: number
    readonly same: number
    readonly inactive: number
    readonly entries: ReadonlyArray<{
      readonly row: number
      readonly term: string
      readonly change: 'added' | 'changed'
      readonly before: string | null
      readonly after: string
      readonly status: 'draft' | 'in_review' | 'active' | 'disabled'
    }>
    readonly conflicts: ReadonlyArray<Schemas['RuleProblem']>
    readonly hits: ReadonlyArray<{
      readonly sample: string
      readonly count: number
    }>
  }
  Reason: {
    readonly reason: string
  }
  Proposal: {
    readonly id: Schemas['Hash']
    readonly hash: Schemas['Hash']
    readonly parent: (Schemas['Hash'] | null)
    readonly state: 'draft' | 'refused' | 'withdrawn' | 'active' | 'past'
    readonly closed: (null | {
      readonly by: string
      readonly at: Schemas['Time']
      readonly reason: string
    })
    readonly class: Schemas['StatedClass']
    readonly needs: number
    readonly signed: ReadonlyArray<string>
    readonly toReview: boolean
    readonly author: string
    readonly reason: string
    readonly at: Schemas['Time']
    readonly tests: {
      readonly passed: number
      readonly failed: number
    }
  }
  Submitted: {
    readonly id: Schemas['Hash']
    readonly hash: Schemas['Hash']
    readonly class: Schemas['ReleaseClass']
    readonly needs: number
    readonly tests: {
      readonly passed: number
      readonly failed: number
    }
    readonly problems: ReadonlyArray<Schemas['RuleProblem']>
    readonly changes: ReadonlyArray<Schemas['Change']>
  }
  StatedClass: 'same' | 'tighter' | 'looser' | 'rollback' | 'refuse' | 'roster' | 'shadow' | 'destroy'
  StatementRequest: {
    readonly act: 'release' | 'rollback' | 'review' | 'refuse' | 'shadow' | 'enrol' | 'remove'
    readonly id?: Schemas['Hash']
    readonly subject?: Schemas['ApproverId']
    readonly share?: number
    readonly minutes?: number
    readonly reason: string
  }
  Statement: {
    readonly payload: string
    readonly typ: string
    readonly needs: number
    readonly claims: Readonly<Record<string, unknown>>
  }
  Verdict: {
    readonly released: boolean
    readonly waiting: string | null
    readonly signed: ReadonlyArray<string>
    readonly needs: number
  }
  Release: {
    readonly seq: number
    readonly at: Schemas['Time']
    readonly who: string
    readonly kind: 'submitted' | 'refused' | 'withdrawn' | 'approved' | 'activated' | 'roster' | 'shadow' | 'reviewed' | 'destroyed'
    readonly reason: string
    readonly bundle: (Schemas['Hash'] | null)
    readonly hash: (Schemas['Hash'] | null)
    readonly parent: string | null
    readonly class: (Schemas['StatedClass'] | null)
    readonly signers: ReadonlyArray<string>
    readonly alarm: boolean
    readonly unproved: (null | {
      readonly code: string
      readonly zh: string
      readonly en: string
    })
  }
  Node: {
    readonly node: string
    readonly hash: (Schemas['Hash'] | null)
    readonly since: Schemas['Time']
    readonly seen: Schemas['Time']
    readonly current: boolean
    readonly notes: ReadonlyArray<string>
    readonly shadow: (null | Schemas['ShadowCounts'])
  }
  ShadowCounts: {
    readonly bundle: string
    readonly calls: number
    readonly skipped: number
    readonly differing: number
    readonly tighter: number
    readonly looser: number
    readonly other: number
    readonly errors: Readonly<Record<string, number>>
  }
  AuditEvent: {
    readonly id: number
    readonly at: Schemas['Time']
    readonly account: ({
      readonly id: string
      readonly name: string
      readonly login: string | null
    } | null)
    readonly action: string
    readonly object: string | null
    readonly objectLogin: string | null
    readonly outcome: string
    readonly address: string | null
    readonly note?: Readonly<Record<string, string | number | boolean>> | null
  }
  Signal: {
    readonly id: string
    readonly anomaly: string
    readonly at: Schemas['Time']
    readonly severity: string
    readonly count: number
    readonly institution?: string | null
    readonly interface?: string | null
  }
  Summary: Readonly<Record<string, unknown>>
}

export interface Operations {
  'GET /api/session': {
    readonly path: undefined
    readonly query: undefined
    readonly body: undefined
    readonly reply: Schemas['Session']
  }
  'POST /api/session': {
    readonly path: undefined
    readonly query: undefined
    readonly body: Schemas['Credentials']
    readonly reply: Schemas['Session']
  }
  'DELETE /api/session': {
    readonly path: undefined
    readonly query: undefined
    readonly body: undefined
    readonly reply: undefined
  }
  'POST /api/session/totp': {
    readonly path: undefined
    readonly query: undefined
    readonly body: undefined
    readonly reply: Schemas['TotpSecret']
  }
  'POST /api/session/totp/confirm': {
    readonly path: undefined
    readonly query: undefined
    readonly body: Schemas['TotpConfirmation']
    readonly reply: Schemas['Session']
  }
  'POST /api/session/password': {
    readonly path: undefined
    readonly query: undefined
    readonly body: Schemas['PasswordChange']
    readonly reply: Schemas['Session']
  }
  'GET /api/users': {
    readonly path: undefined
    readonly query: undefined
    readonly body: undefined
    readonly reply: {
      readonly users: ReadonlyArray<Schemas['User']>
    }
  }
  'POST /api/users': {
    readonly path: undefined
    readonly query: undefined
    readonly body: Schemas['NewUser']
    readonly reply: {
      readonly user: Schemas['User']
      readonly firstPassword: string
    }
  }
  'PATCH /api/users/{userId}': {
    readonly path: { userId: Schemas['Id'] }
    readonly query: undefined
    readonly body: Schemas['UserChange']
    readonly reply: Schemas['User']
  }
  'POST /api/users/{userId}/reset': {
    readonly path: { userId: Schemas['Id'] }
    readonly query: undefined
    readonly body: undefined
    readonly reply: {
      readonly user: Schemas['User']
      readonly firstPassword: string
    }
  }
  'GET /api/approvers': {
    readonly path: undefined
    readonly query: undefined
    readonly body: undefined
    readonly reply: Schemas['Approvers']
  }
  'POST /api/approvers': {
    readonly path: undefined
    readonly query: undefined
    readonly body: Schemas['KeyProposal']
    readonly reply: Schemas['ProposedKey']
  }
  'DELETE /api/approvers/{name}': {
    readonly path: { name: Schemas['AccountName'] }
    readonly query: undefined
    readonly body: undefined
    readonly reply: undefined
  }
  'GET /api/vocabulary': {
    readonly path: undefined
    readonly query: undefined
    readonly body: undefined
    readonly reply: Schemas['Vocabulary']
  }
  'GET /api/rules/{ref}': {
    readonly path: { ref: Schemas['Ref'] }
    readonly query: undefined
    readonly body: undefined
    readonly reply: Schemas['Rules']
  }
  'GET /api/rules/{ref}/file': {
    readonly path: { ref: Schemas['Ref'] }
    readonly query: { path: Schemas['Path'] }
    readonly body: undefined
    readonly reply: Schemas['RuleFile']
  }
  'GET /api/rules/{ref}/problems': {
    readonly path: { ref: Schemas['Ref'] }
    readonly query: undefined
    readonly body: undefined
    readonly reply: Schemas['Check']
  }
  'GET /api/rules/{ref}/matrix': {
    readonly path: { ref: Schemas['Ref'] }
    readonly query: { interface?: string; as?: 'json' | 'csv' }
    readonly body: undefined
    readonly reply: Schemas['Matrix']
  }
  'POST /api/rules/{ref}/preview': {
    readonly path: { ref: Schemas['Ref'] }
    readonly query: undefined
    readonly body: Schemas['PreviewRequest']
    readonly reply: Schemas['Preview']
  }
  'POST /api/rules/{ref}/tests': {
    readonly path: { ref: Schemas['Ref'] }
    readonly query: undefined
    readonly body: Schemas['Overlay']
    readonly reply: Schemas['TestReport']
  }
  'GET /api/rules/{ref}/diff': {
    readonly path: { ref: Schemas['Ref'] }
    readonly query: { against?: Schemas['Ref'] }
    readonly body: undefined
    readonly reply: Schemas['Diff']
  }
  'GET /api/samples': {
    readonly path: undefined
    readonly query: undefined
    readonly body: undefined
    readonly reply: {
      readonly samples: ReadonlyArray<Schemas['Sample']>
    }
  }
  'POST /api/samples': {
    readonly path: undefined
    readonly query: undefined
    readonly body: Schemas['NewSample']
    readonly reply: Schemas['Sample']
  }
  'GET /api/samples/{sampleId}': {
    readonly path: { sampleId: string }
    readonly query: undefined
    readonly body: undefined
    readonly reply: Schemas['SampleText']
  }
  'DELETE /api/samples/{sampleId}': {
    readonly path: { sampleId: string }
    readonly query: undefined
    readonly body: undefined
    readonly reply: undefined
  }
  'GET /api/drafts': {
    readonly path: undefined
    readonly query: undefined
    readonly body: undefined
    readonly reply: {
      readonly drafts: ReadonlyArray<Schemas['Draft']>
    }
  }
  'POST /api/drafts': {
    readonly path: undefined
    readonly query: undefined
    readonly body: Schemas['NewDraft']
    readonly reply: Schemas['Draft']
  }
  'GET /api/drafts/{draftId}': {
    readonly path: { draftId: Schemas['Id'] }
    readonly query: undefined
    readonly body: undefined
    readonly reply: Schemas['Draft']
  }
  'DELETE /api/drafts/{draftId}': {
    readonly path: { draftId: Schemas['Id'] }
    readonly query: undefined
    readonly body: undefined
    readonly reply: undefined
  }
  'PUT /api/drafts/{draftId}/file': {
    readonly path: { draftId: Schemas['Id'] }
    readonly query: { path: Schemas['Path'] }
    readonly body: Schemas['FileText']
    readonly reply: Schemas['RuleFile']
  }
  'DELETE /api/drafts/{draftId}/file': {
    readonly path: { draftId: Schemas['Id'] }
    readonly query: { path: Schemas['Path'] }
    readonly body: undefined
    readonly reply: undefined
  }
  'POST /api/drafts/{draftId}/check': {
    readonly path: { draftId: Schemas['Id'] }
    readonly query: undefined
    readonly body: Schemas['Overlay']
    readonly reply: Schemas['Check']
  }
  'POST /api/drafts/{draftId}/cell': {
    readonly path: { draftId: Schemas['Id'] }
    readonly query: undefined
    readonly body: Schemas['CellChange']
    readonly reply: Schemas['CellText']
  }
  'POST /api/drafts/{draftId}/dictionaries/{dictionary}': {
    readonly path: { draftId: Schemas['Id']; dictionary: string }
    readonly query: { mode?: 'preview' | 'apply'; batch?: string }
    readonly body: Blob | string
    readonly reply: Schemas['DictionaryBatch']
  }
  'POST /api/drafts/{draftId}/rebase': {
    readonly path: { draftId: Schemas['Id'] }
    readonly query: undefined
    readonly body: undefined
    readonly reply: Schemas['Draft']
  }
  'POST /api/drafts/{draftId}/reopen': {
    readonly path: { draftId: Schemas['Id'] }
    readonly query: undefined
    readonly body: undefined
    readonly reply: Schemas['Draft']
  }
  'POST /api/drafts/{draftId}/submit': {
    readonly path: { draftId: Schemas['Id'] }
    readonly query: undefined
    readonly body: Schemas['Reason']
    readonly reply: Schemas['Submitted']
  }
  'GET /api/proposals': {
    readonly path: undefined
    readonly query: undefined
    readonly body: undefined
    readonly reply: {
      readonly proposals: ReadonlyArray<Schemas['Proposal']>
      readonly alarm: (Schemas['Release'] | null)
    }
  }
  'GET /api/proposals/{proposalId}': {
    readonly path: { proposalId: Schemas['Hash'] }
    readonly query: undefined
    readonly body: undefined
    readonly reply: Schemas['Proposal']
  }
  'POST /api/proposals/{proposalId}/activate': {
    readonly path: { proposalId: Schemas['Hash'] }
    readonly query: undefined
    readonly body: Schemas['Reason']
    readonly reply: Schemas['Verdict']
  }
  'POST /api/proposals/{proposalId}/withdraw': {
    readonly path: { proposalId: Schemas['Hash'] }
    readonly query: undefined
    readonly body: Schemas['Reason']
    readonly reply: Schemas['Verdict']
  }
  'POST /api/proposals/{proposalId}/refuse': {
    readonly path: { proposalId: Schemas['Hash'] }
    readonly query: undefined
    readonly body: Schemas['Reason']
    readonly reply: Schemas['Verdict']
  }
  'POST /api/statements': {
    readonly path: undefined
    readonly query: undefined
    readonly body: Schemas['StatementRequest']
    readonly reply: Schemas['Statement']
  }
  'POST /api/approvals': {
    readonly path: undefined
    readonly query: undefined
    readonly body: Schemas['Signature']
    readonly reply: Schemas['Verdict']
  }
  'GET /api/history': {
    readonly path: undefined
    readonly query: { limit?: number; before?: number }
    readonly body: undefined
    readonly reply: {
      readonly releases: ReadonlyArray<Schemas['Release']>
    }
  }
  'GET /api/shadow': {
    readonly path: undefined
    readonly query: undefined
    readonly body: undefined
    readonly reply: {
      readonly run: (null | {
        readonly bundle: Schemas['Hash']
        readonly hash: Schemas['Hash']
        readonly share: number
        readonly until: Schemas['Time']
      })
      readonly nodes: ReadonlyArray<{
        readonly node: string
        readonly seen: Schemas['Time']
        readonly counts: Schemas['ShadowCounts']
      }>
    }
  }
  'POST /api/shadow/stop': {
    readonly path: undefined
    readonly query: undefined
    readonly body: Schemas['Reason']
    readonly reply: undefined
  }
  'GET /api/nodes': {
    readonly path: undefined
    readonly query: undefined
    readonly body: undefined
    readonly reply: {
      readonly approved: (Schemas['Hash'] | null)
      readonly nodes: ReadonlyArray<Schemas['Node']>
    }
  }
  'GET /api/audit': {
    readonly path: undefined
    readonly query: { since?: string; limit?: number; before?: number; as?: 'json' | 'csv' }
    readonly body: undefined
    readonly reply: {
      readonly events: ReadonlyArray<Schemas['AuditEvent']>
    }
  }
  'GET /api/anomalies': {
    readonly path: undefined
    readonly query: { since?: string; limit?: number }
    readonly body: undefined
    readonly reply: {
      readonly signals: ReadonlyArray<Schemas['Signal']>
    }
  }
  'GET /api/calls/summary': {
    readonly path: undefined
    readonly query: { from?: string; to?: string }
    readonly body: undefined
    readonly reply: Schemas['Summary']
  }
}
