import { type Detector, spansOf } from './detector.ts'
import { JOINT } from './features.ts'

/** RFC 3986 with a host; ends before what closes a sentence */
const URL = /(?:https?|ftp|wss?):\/\/[A-Za-z0-9][^\s<>"'，。；、（）()]{1,2000}/gi
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
/** IPv4; a dotted number of another length is an object identifier or a version */
const IPV4 = new RegExp(`(?<![\\d.])(?:${OCTET}\\.){3}${OCTET}(?!\\.?\\d)`, 'g')
/** EUI-48 with colons or hyphens */
const MAC = /(?<![0-9A-Za-z:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![0-9A-Za-z:-])/gi

/** Addresses of machines, and links, which often carry a number of the patient. */
export const network: Detector = {
  name: 'network',
  zh: '网络地址',
  element: 'device-id',
  needs: JOINT,
  digits: 0,
  parts: true,
  prose: true,
  find: (text) => [
    ...(text.includes('://') ? spansOf(URL, text) : []),
    ...(holds(text, '.', 3) ? spansOf(IPV4, text) : []),
    ...(holds(text, ':', 5) || holds(text, '-', 5) ? spansOf(MAC, text) : []),
  ],
}

/** Is the sign there that many times? */
function holds(text: string, sign: string, times: number): boolean {
  let at = -1
  for (let n = 0; n < times; n++) {
    at = text.indexOf(sign, at + 1)
    if (at < 0) return false
  }
  return true
}
