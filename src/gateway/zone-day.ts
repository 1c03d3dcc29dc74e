/** Calendar days in the configured zone, never the machine's: contracts, expiries and ages turn over at its midnight. */

/** A function from epoch milliseconds to YYYY-MM-DD; formats once in a quarter of an hour. */
export function zoneDay(zone: string): (now: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  // offsets of all zones are multiples of 15 minutes, so no midnight falls inside one
  const QUARTER = 15 * 60_000
  let slot = -1
  let day = ''
  return (now) => {
    const current = Math.floor(now / QUARTER)
    if (current !== slot) {
      slot = current
      day = format.format(now)
    }
    return day
  }
}
