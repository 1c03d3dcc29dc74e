/** Do these first bytes look like a JSON object or array? A byte order mark and white space may come first. */
export function sniffJson(head: Uint8Array): boolean {
  let p = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  while (head[p] === 0x20 || head[p] === 0x0a || head[p] === 0x0d || head[p] === 0x09) p++
  return head[p] === 0x7b || head[p] === 0x5b
}
