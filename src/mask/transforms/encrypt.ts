import { bindSettled } from './marks.ts'
import { CIPHERS, keyedOf, type Method } from './transform.ts'

/** Two ciphertexts of one value differ: equal values are not told. `veilgate reveal` opens them for the key holder. */
export const encrypt: Method = {
  name: 'encrypt',
  zh: '加密',
  summary: {
    zh: '可逆加密（AES-256-GCM，或 SM4-CTR 加 HMAC-SM3），只有持密钥环者可还原；同一值每次密文不同',
    en: 'reversible encryption (AES-256-GCM, or SM4-CTR with HMAC-SM3) that only the holder of the keyring opens; a value has another ciphertext every time',
  },
  kinds: ['name', 'identifier', 'phone', 'email', 'address', 'date', 'age', 'code', 'text', 'number'],
  params: {
    type: 'object',
    properties: {
      cipher: { type: 'string', enum: [...CIPHERS], default: 'aes-256-gcm', description: 'the cipher' },
    },
    additionalProperties: false,
  },
  idempotent: false,
  references: false,
  leaves: (level) => level * 0.15,
  check: (_params, element) =>
    element.id === 'credential' || element.id === 'insurance-token'
      ? [`${element.id} is a secret, not data: use redact or drop`]
      : [],
  prepare: (params, element, effects) => {
    const keyed = keyedOf(effects)
    const cipher = params['cipher'] === 'sm4' ? 'sm4' : 'aes-256-gcm'
    return bindSettled(encrypt, params, effects, (value) => keyed.seal(cipher, element, value))
  },
}
