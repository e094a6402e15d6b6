import { createHash } from 'node:crypto'
import type { Language, SynthData } from './data.ts'
import type { Random } from './random.ts'

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

function characters(random: Random, alphabet: string, count: number): string {
  let text = ''
  for (let at = 0; at < count; at++) text += alphabet.charAt(random.below(alphabet.length))
  return text
}

/** A postal address in the order that the language's main country uses. */
export function makeAddress(language: Language, data: SynthData, random: Random): string {
  const english = language.streets.length === 0 || language.cities.length === 0
  const streets = english ? (data.words.street ?? []) : language.streets
  const cities = english ? (data.words.city ?? []) : language.cities
  const [street, city, number] = [random.pick(streets), random.pick(cities), 1 + random.below(240)]
  const code = characters(random, '0123456789', 5)
  if (language.code === 'en' || english)
    return `${number * 7} ${street}, ${city}, ${random.pick(['CA', 'NY', 'TX', 'OH', 'WA', 'GA', 'IL', 'CO'])} ${code}`
  if (language.code === 'fr') return `${number} ${street}, ${code} ${city}`
  return `${street} ${number}, ${code} ${city}`
}

/** A card number with a right check digit, under prefixes of published test cards. */
export function makeCard(random: Random): string {
  const [prefix, length] = random.pick([
    ['424242', 16],
    ['411111', 16],
    ['555555', 16],
    ['601111', 16],
    ['378282', 15],
  ] as const)
  const body = prefix + characters(random, '0123456789', length - prefix.length - 1)
  const sum = [...body].reverse().reduce((total, digit, index) => {
    const value = index % 2 === 0 ? Number(digit) * 2 : Number(digit)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  const number = `${body}${(10 - (sum % 10)) % 10}`
  if (length === 15) return random.chance(0.5) ? number : `${number.slice(0, 4)} ${number.slice(4, 10)} ${number.slice(10)}`
  return random.chance(0.3) ? number : (number.match(/.{4}/g) ?? [number]).join(random.chance(0.8) ? ' ' : '-')
}

/** Latitude and longitude with five decimals. */
export function makeCoordinates(random: Random): string {
  return `${(random.next() * 130 - 60).toFixed(5)}, ${(random.next() * 340 - 170).toFixed(5)}`
}

/** An Ethereum address, or a Bitcoin address with a right checksum, of random bytes that no key is known for. */
export function makeWallet(random: Random): string {
  if (random.chance(0.5)) return `0x${characters(random, '0123456789abcdef', 40)}`
  const payload = Buffer.from([0, ...Array.from({ length: 20 }, () => random.below(256))])
  const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest()
  const bytes = Buffer.concat([payload, sha(sha(payload)).subarray(0, 4)])
  let value = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  for (; value > 0n; value /= 58n) text = base58.charAt(Number(value % 58n)) + text
  const zeros = bytes.findIndex((byte) => byte !== 0)
  return '1'.repeat(zeros) + text
}

/** A key in a well-known service's form, a password, or a connection string. Random: none was ever issued. */
export function makeSecret(form: string, random: Random, words: readonly string[]): string {
  const password = `${random.pick(words)}${random.pick(['!', '#', '_', '$'])}${random.below(10_000)}${random.pick(words).toUpperCase()}`
  if (form === 'password') return password
  if (form === 'connection') {
    const database = random.pick(['postgresql', 'mysql', 'mongodb'])
    return `${database}://${random.pick(words)}:${password}@db.${random.pick(words)}.example:${1024 + random.below(60_000)}/${random.pick(words)}`
  }
  const upper = alphanumeric.slice(0, 26)
  return random.pick([
    () => `AKIA${characters(random, `${upper}234567`, 16)}`,
    () => `ghp_${characters(random, alphanumeric, 36)}`,
    () => `sk-${characters(random, alphanumeric, 20)}T3BlbkFJ${characters(random, alphanumeric, 20)}`,
    () => `hf_${characters(random, alphanumeric.slice(0, 52), 34)}`,
    () => `AIza${characters(random, alphanumeric, 35)}`,
    () => `glpat-${characters(random, alphanumeric, 20)}`,
  ])()
}
