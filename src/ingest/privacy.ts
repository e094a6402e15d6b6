import { createHmac } from 'node:crypto'

/** What replaces an address in text that is kept for looking at. */
const mark = '[address]'
const addressFields =
  /^(ip|ips|addr|host|header|headers|cookie|cookies|authorization|user|email|e_mail|geo|state|country)$|(^|[_-])ip$|ip_?addr|address|forwarded|real[_-]ip|hashed[_-]?ip|user_?id/i
const ipv4 = /(?<!\d)(?:\d{1,3}\.){3}\d{1,3}(?!\d)/g
const ipv6 =
  /(?<![0-9a-z:])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){0,6}(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})(?![0-9a-z:])/gi
const maxDepth = 64

/** Whether a field's name says that it holds an address, an account or a place. */
export function isAddressField(name: string): boolean {
  return addressFields.test(name)
}

/** A copy of a JSON value with address fields left out and what looks like an address in strings replaced; too deep parts are cut. */
export function withoutAddresses(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(ipv4, mark).replace(ipv6, mark)
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object' || value === null) return value
  if (depth >= maxDepth) return null
  if (Array.isArray(value)) return value.map((item) => withoutAddresses(item, depth + 1))
  const entries = Object.entries(value).filter(([field]) => !isAddressField(field) && field !== '__proto__')
  return Object.fromEntries(entries.map(([field, item]) => [String(withoutAddresses(field)), withoutAddresses(item, depth + 1)]))
}

/** Hashes kept at hand: one person's lines come close together. */
const cacheLimit = 100_000

/**
 * User ids from addresses: HMAC-SHA-256 with the secret, 64 hex digits. IPv4 addresses written as IPv6 (`::ffff:1.2.3.4`), case and blanks make no
 * difference; of a forwarded-for list the first address counts.
 */
export function keyedHasher(secret: string): (address: string) => string {
  const cache = new Map<string, string>()
  return (address) => {
    const known = cache.get(address)
    if (known !== undefined) return known
    const plain = (address.split(',')[0] ?? '')
      .trim()
      .toLowerCase()
      .replace(/^::ffff:(?=\d+\.)/, '')
    const hash = createHmac('sha256', secret).update(plain).digest('hex')
    if (cache.size >= cacheLimit) cache.clear()
    cache.set(address, hash)
    return hash
  }
}
