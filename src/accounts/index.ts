/** The door of the accounts core. */
export * from './model.ts'
export { COST, type Cost, firstPassword, hashPassword, isWeak, SALT_BYTES, verifyPassword } from './password.ts'
export { openSecret, SECRET_KEY_BYTES, sealSecret } from './secret.ts'
export { csrfOf, holds, idleUntil, openSession, SESSION_BYTES, sessionHash } from './session.ts'
export { ACCOUNT, ADDRESS, failed, waitOf } from './throttle.ts'
export { SECRET_BYTES, totpCode, totpSecret, totpStep, totpUri } from './totp.ts'
