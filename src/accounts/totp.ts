/** The one door of otpauth: time-based codes (RFC 6238, SHA-1, 6 digits, 30 seconds) that count once. */
import { Secret, TOTP } from 'otpauth'

const PERIOD = 30
/** one step to either side: clocks of telephones drift (RFC 6238 5.2) */
const WINDOW = 1
export const SECRET_BYTES = 20
const ISSUER = 'Veilgate'

/** 32 characters of base32 from 20 random bytes (RFC 4226 4, R6). */
export const totpSecret = (random: Uint8Array): string =>
  new Secret({ buffer: Uint8Array.from(random.subarray(0, SECRET_BYTES)).buffer }).base32

/** The otpauth URI that authenticators read as a QR code. */
export const totpUri = (secret: string, name: string): string => make(secret, name).toString()

/**
 * The time step of a code that is good at `now` (ms since 1970) and newer than `used`; null for a wrong, old or used
 * one.
 */
export function totpStep(secret: string, code: string, now: number, used: number): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const delta = make(secret, '').validate({ token: code, timestamp: now, window: WINDOW })
  if (delta === null) return null
  const step = Math.floor(now / 1000 / PERIOD) + delta
  return step > used ? step : null
}

/** The code an authenticator shows at `now`. */
export const totpCode = (secret: string, now: number): string => make(secret, '').generate({ timestamp: now })

const make = (secret: string, label: string): TOTP =>
  new TOTP({ issuer: ISSUER, label, secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: PERIOD })
