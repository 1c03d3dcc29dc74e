/** The address of a thread's file beside its starter, in the sources (.ts) and in emitted JavaScript (.js) alike. */
export const threadUrl = (starter: string, name: string): URL =>
  new URL(`./${name}${starter.endsWith('.ts') ? '.ts' : '.js'}`, starter)
