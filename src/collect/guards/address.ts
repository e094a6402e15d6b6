import { createHmac } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'

/** Where a request came from, as keyed hashes: the address itself goes no further. */
export interface Origin {
  /** Keyed hash of the address, 64 hex digits. */
  address: string
  /** Keyed hash of its network: /24 for IPv4, /48 for IPv6. One home or company, about. */
  network: string
}

/**
 * The origin of a request. `X-Forwarded-For` is believed only as far as proxies of ours wrote it: with `hops` proxies the client is the entry that the
 * outermost of them added, `hops` from the right. With fewer entries than that the request did not come through them, and the socket's own address counts.
 */
export function originOf(headers: Headers, socketAddress: string | undefined, { hops, secret }: { hops: number; secret: Buffer }): Origin {
  const forwarded = (headers.get('x-forwarded-for') ?? '').split(',').map((part) => part.trim())
  const claimed = hops > 0 ? forwarded.at(-hops) : undefined
  const address = normalise(claimed) ?? normalise(socketAddress) ?? 'unknown'
  const hash = (text: string) => createHmac('sha256', secret).update(`address\n${text}`).digest('hex')
  return { address: hash(address), network: hash(networkOf(address)) }
}

function normalise(address: string | undefined): string | undefined {
  const plain = address
    ?.replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .replace(/%.*$/, '')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  return plain && (isIPv4(plain) || isIPv6(plain)) ? plain.toLowerCase() : undefined
}

/** The network part of an address, in words that no other network has. */
export function networkOf(address: string): string {
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(address)) return address
  return `${expand(address).slice(0, 3).join(':')}::/48`
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return [...left, ...Array.from({ length: missing }, () => '0'), ...right].map((group) => group.replace(/^0+(?=.)/, ''))
}
