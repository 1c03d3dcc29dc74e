/** Rules without approval, and nobody who said that this is meant. */
export class ApprovalOffError extends Error {
  override readonly name = 'ApprovalOffError'
  constructor() {
    super('rules: approval: off runs whatever lies in the folder; it counts only with --unsafe-approval-off')
  }
}
