/** What a person can do about a refusal, beside reading the server's words. */
export interface Advice {
  words: string
  /** The way out is to read the terms again. */
  isConsent: boolean
}

const words: Readonly<Record<string, string>> = {
  'prompt-empty': 'Write something first.',
  'prompt-too-long': 'Shorten it; it is still in the field below.',
  'rate-limited': 'Your message is still in the field below: send it again in a while.',
  'model-busy': 'Try again in a moment, or choose another model.',
  'models-unavailable': 'Try again in a few minutes.',
  'model-unknown': 'Begin a new chat and choose another model.',
  'log-unwritable': 'Nothing of it was recorded. Tell the operator of this site, and try again later.',
  'conversation-unknown': 'It was deleted, or belongs to somebody else. Begin a new chat.',
  'turns-exhausted': 'Begin a new chat to go on.',
  'turn-running': 'Wait for the answer, or stop it.',
  'key-reused': 'Send your message once more.',
  'foreign-site': 'Open this page anew and try again.',
  'body-too-large': 'Shorten your message.',
}
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
