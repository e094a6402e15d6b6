import { createHash } from 'node:crypto'
import { before, type Finder, type Finding, matchWithin } from '../finding.ts'

const base58 = /(?<![\w/=+])[13LMTrXDt][1-9A-HJ-NP-Za-km-z]{25,34}(?![\w/=+])/g
const bech32 = /(?<![\w/])(?:bc1|tb1|ltc1|addr1|cosmos1)[02-9ac-hj-np-z]{20,100}(?!\w)/gi
const ether = /(?<![\w])0x[0-9a-f]{40}(?![\w])/gi
const cuedWallet = /(?<![\w/=+])[1-9A-HJ-NP-Za-km-z]{32,106}(?![\w/=+])/g
const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const ripple = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz'

/** Crypto wallets: Base58Check and Bech32 addresses by checksum, Ethereum's by form, Monero's and Solana's behind a cue. */
export const findWallets: Finder = ({ text, survey }) => {
  if (survey.runWindows.length === 0) return []
  const found: Finding[] = []
  const add = (match: RegExpExecArray, confidence: number, rule: string) =>
    found.push({ start: match.index, end: match.index + match[0].length, kind: 'WALLET', confidence, rule })
  for (const { index, parts } of matchWithin(text, survey.runWindows, base58)) {
    const match = Object.assign(parts, { index })
    if (passesBase58(match[0], alphabet) || (match[0].startsWith('r') && passesBase58(match[0], ripple))) add(match, 0.98, 'wallet-base58')
  }
  if (text.includes('1'))
    for (const match of text.matchAll(bech32)) if (passesBech32(match[0].toLowerCase())) add(match, 0.98, 'wallet-bech32')
  if (text.includes('0x')) {
    for (const match of text.matchAll(ether)) if (!/^0x(.)\1+$|dead$/i.test(match[0])) add(match, 0.8, 'wallet-ether')
  }
  if (/wallet|monero|\bxmr|solana|\bsol\b/i.test(text)) {
    for (const match of text.matchAll(cuedWallet)) {
      if (/\d/.test(match[0]) && /[A-Z]/.test(match[0]) && /wallet|monero|xmr|solana|\bsol\b/.test(before(text, match.index, 48)))
        add(match, 0.8, 'wallet-cue')
    }
  }
  return found
}

function passesBase58(address: string, letters: string): boolean {
  let number = 0n
  for (const letter of address) {
    const value = letters.indexOf(letter)
    if (value < 0) return false
    number = number * 58n + BigInt(value)
  }
  const hex = number.toString(16).padStart(50, '0')
  if (hex.length !== 50) return false
  const bytes = Buffer.from(hex, 'hex')
  const once = createHash('sha256').update(bytes.subarray(0, 21)).digest()
  return createHash('sha256').update(once).digest().subarray(0, 4).equals(bytes.subarray(21))
}

/** The checksum of BIP 173 and BIP 350. */
function passesBech32(address: string): boolean {
  const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
  const split = address.lastIndexOf('1')
  const prefix = address.slice(0, split)
  const values = [...prefix].map((letter) => letter.charCodeAt(0) >> 5)
  values.push(
    0,
    ...[...prefix].map((letter) => letter.charCodeAt(0) & 31),
    ...[...address.slice(split + 1)].map((letter) => letters.indexOf(letter)),
  )
  let check = 1
  for (const value of values) {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ value
    for (const [bit, mask] of [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].entries()) if ((top >>> bit) & 1) check ^= mask
  }
  return check === 1 || check === 0x2bc830a3
}
