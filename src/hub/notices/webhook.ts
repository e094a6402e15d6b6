import { createHmac } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import { BlockList, isIP } from 'node:net'
import type { Hub } from '../hub.ts'

/** A message to a URL. */
export interface Webhook {
  id: string
  event: string
  url: string
  /** JSON. */
  body: string
  at: Date
}

const TIMEOUT_MS = 10_000
/** More of an answer is not read. */
const MAX_ANSWER = 64 * 1024

/**
 * Posts a message. The name is resolved once, every address of it is checked, and the connection goes to the checked address: neither a name that
 * points inside, nor one that points elsewhere the second time, reaches private networks. Redirects are not followed. Gives why it failed, in words
 * of ours, or undefined where the other side answered 2xx.
 */
export async function deliverWebhook(hub: Hub, { id, event, url, body, at }: Webhook): Promise<string | undefined> {
  const target = URL.canParse(url) ? new URL(url) : undefined
  if (!target || !/^https?:$/.test(target.protocol) || target.username || target.password) return 'the address is no http address'
  const address = await resolveSafely(target.hostname, hub.options.mayCallPrivate === true)
  if ('problem' in address) return address.problem
  const timestamp = String(Math.floor(hub.now().getTime() / 1000))
  const headers = {
    'Content-Type': 'application/json',
    'User-Agent': 'colloquy-webhook',
    'X-Colloquy-Event': event,
    'X-Colloquy-Delivery': id,
    'X-Colloquy-Time': at.toISOString(),
    'X-Colloquy-Timestamp': timestamp,
    'X-Colloquy-Signature': signWebhook(hub, url, timestamp, body),
  }
  return post(target, address.address, headers, body)
}

/** The signature of a message: `sha256=` and the HMAC-SHA-256 of `<timestamp>.<body>` under the key of its URL. */
function signWebhook(hub: Hub, url: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', webhookKey(hub, url)).update(`${timestamp}.${body}`).digest('hex')}`
}

/** The key that messages to a URL are signed with; owners see it beside the setting. */
export function webhookKey(hub: Hub, url: string): string {
  return createHmac('sha256', hub.signingKey).update(`webhook:${url}`).digest('hex')
}

/** The addresses that nobody outside may make us call: this host, private and local networks, those of clouds' own services, and what is no host. */
const refused = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  refused.addSubnet(net, bits, 'ipv4')

/** Of IPv6, only the global unicast addresses are called, and of these none that carry an IPv4 address or are for examples. */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
const refused6 = new BlockList()
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  refused6.addSubnet(net, bits, 'ipv6')

/** True where an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !refused.check(address, 'ipv4')
  return family === 6 && global6.check(address, 'ipv6') && !refused6.check(address, 'ipv6')
}

async function resolveSafely(hostname: string, mayBePrivate: boolean): Promise<{ address: string } | { problem: string }> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const found = isIP(host)
    ? [host]
    : await lookup(host, { all: true }).then(
        (all) => all.map(({ address }) => address),
        () => [],
      )
  const [first] = found
  if (!first) return { problem: 'the name cannot be resolved' }
  // One private address among public ones is enough to refuse: which of them would be called is not ours to choose.
  if (!mayBePrivate && !found.every(isPublicAddress)) return { problem: 'the address is not public' }
  return { address: first }
}

function post(target: URL, address: string, headers: Readonly<Record<string, string>>, body: string): Promise<string | undefined> {
  const isSecure = target.protocol === 'https:'
  const host = target.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    const request = (isSecure ? https : http).request(
      {
        host: address,
        port: target.port || (isSecure ? 443 : 80),
        path: `${target.pathname}${target.search}`,
        method: 'POST',
        headers: { ...headers, Host: target.host, 'Content-Length': Buffer.byteLength(body) },
        // The certificate must be the name's, though the connection goes to the address that was checked.
        ...(isSecure && isIP(host) === 0 ? { servername: host } : {}),
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      (response) => {
        const { statusCode = 0 } = response
        let size = 0
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > MAX_ANSWER) response.destroy()
        })
        response.on('close', () => resolve(statusCode >= 200 && statusCode < 300 ? undefined : `the address answered ${statusCode}`))
        response.on('error', () => {})
      },
    )
    request.on('error', (error) =>
      resolve(
        error.name === 'AbortError' || error.name === 'TimeoutError'
          ? 'the address did not answer in time'
          : 'the address cannot be reached',
      ),
    )
    request.end(body)
  })
}
