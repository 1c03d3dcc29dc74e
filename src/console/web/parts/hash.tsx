/** A bundle's hash, short enough to compare by eye and whole on hover. */
export function Hash({ value }: { value: string | null | undefined }) {
  if (value == null) return <span>–</span>
  return (
    <code className="hash" title={value}>
      {shortHash(value)}
    </code>
  )
}

export const shortHash = (value: string): string => value.replace(/^sha256:/, '').slice(0, 10)
