/** Text into HTML: names come from configuration and certificates and may hold anything. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
