import { isIPv6 } from 'node:net'
import { before, type Finder, type Finding, isWordUnit, matchWithin } from '../finding.ts'

const ipv4 = /(?<![\w.-])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w-]|\.\d)/g
const ipv6 = /(?<![\w:.])[0-9a-f]{0,4}(?::{1,2}[0-9a-f]{1,4}){2,7}(?![\w:])/gi
const mac = /(?<![\w:-])[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}(?![\w:-])/gi
const dottedMac = /(?<![\w.:-])(?=[0-9.]{0,13}[a-f])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![\w.:-])/gi
const version =
  /(?:version|versión|versione|versão|верси[яи]|build|release|firmware|driver|revision|section|chapter|§|\bv|\bver)\.?\s*[:=]?\s*$/

/** Networks that identify nobody: private, loopback, link-local, multicast, masks (RFC 6890), and the public resolvers. */
const impersonal =
  /^(?:0|10|127|22[4-9]|23\d|24\d|25[0-5])\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^169\.254\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^(?:8\.8\.[48]\.[48]|1\.[01]\.[01]\.1|9\.9\.9\.9|208\.67\.22[02]\.22[02]|1\.2\.3\.4|1\.1\.1\.1)$/

/** IPv4, IPv6 and MAC addresses. Private networks stay, since they point at nobody. */
export const findNetwork: Finder = ({ text, survey }) => {
  const found: Finding[] = []
  const add = (match: RegExpExecArray, kind: string, confidence: number) =>
    found.push({ start: match.index, end: match.index + match[0].length, kind, confidence, rule: kind.toLowerCase() })
  for (const { index, parts } of matchWithin(text, survey.digitWindows, ipv4)) {
    const match = Object.assign(parts, { index })
    if (impersonal.test(match[0])) add(match, 'IP', 0.2)
    else if (version.test(before(text, match.index, 16))) add(match, 'IP', 0.1)
    else if (
      /^\d\.\d{1,2}\.\d{1,2}\.\d{1,2}$/.test(match[0]) &&
      !/\bip\b|address|host|server|\bfrom\b|ping|dns/.test(before(text, match.index, 40))
    )
      add(match, 'IP', 0.3)
    else if (/^0?\d(?:\.0?\d){3}$/.test(match[0])) add(match, 'IP', 0.3)
    else add(match, 'IP', 0.9)
  }
  if (survey.hasDottedHex)
    for (const match of text.matchAll(dottedMac))
      if (/\d/.test(match[0])) add(match, 'MAC', /\bmac\b|address/.test(before(text, match.index, 40)) ? 0.9 : 0.6)
  if (!survey.hasHexPairs) return found
  for (const match of text.matchAll(mac)) {
    if (!/^(?:00.){5}00$|^(?:ff.){5}ff$/i.test(match[0])) add(match, 'MAC', 0.9)
  }
  for (const match of text.matchAll(ipv6)) {
    if (!isIPv6(match[0]) || isWordUnit(text.charCodeAt(match.index - 1))) continue
    const isTelling = match[0].length >= 9 && /\d/.test(match[0])
    if (isTelling && !/^(?:fe80|f[cd]|ff)/i.test(match[0])) add(match, 'IP', 0.9)
  }
  return found
}
