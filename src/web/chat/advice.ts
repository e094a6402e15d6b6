import { texts } from '../texts.chat.ts'

/** What a person can do about a refusal, beside reading the server's words. */
export interface Advice {
  words: string
  /** The way out is to read the terms again. */
  isConsent: boolean
}

const words: Readonly<Record<string, string>> = texts.advice
const consentCodes = new Set([
  'person-unknown',
  'consent-required',
  'terms-changed',
  'age-unconfirmed',
  'captcha-required',
  'captcha-failed',
])

/** Every code that there is advice on. */
export const knownCodes: readonly string[] = [...Object.keys(words), ...consentCodes]

/** Advice on an error code; no words for codes whose message says it all. */
export function adviceOf(code: string): Advice {
  return { words: Object.hasOwn(words, code) ? (words[code] ?? '') : '', isConsent: consentCodes.has(code) }
}
