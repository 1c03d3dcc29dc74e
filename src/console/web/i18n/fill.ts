/**
 * Values into a text: `{name}` is the value, `{name|error|errors}` the word for one or for any other number. Whatever a
 * value holds stays text.
 */
export const fill = (text: string, values: Readonly<Record<string, string | number>> = {}): string =>
  text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return one === undefined ? String(value) : value === 1 ? one : many!
  })
