/** A kind of personal data: its name in spans, the word of its replacement tags, the confidence from which it is redacted, and its precedence. */
export interface Kind {
  /** Replacements are `<tag>_1`, `<tag>_2`, … */
  tag: string
  /** Findings below this confidence (0–1) stay in the text and count as near misses. */
  threshold: number
  /** Where two findings overlap, the lower number wins, then the longer. */
  rank: number
  help: string
}

/** Every built-in kind. docs/redaction.md lists the same ones with their measured precision and recall. */
export const kinds = {
  SECRET: { tag: 'SECRET', threshold: 0.5, rank: 0, help: 'keys, tokens, private keys, passwords, connection strings' },
  EMAIL: { tag: 'EMAIL', threshold: 0.5, rank: 1, help: 'e-mail addresses' },
  URL: { tag: 'URL', threshold: 0.5, rank: 2, help: 'profiles on social sites, personal pages behind a cue' },
  IBAN: { tag: 'IBAN', threshold: 0.5, rank: 3, help: 'bank accounts with a valid checksum' },
  CARD: { tag: 'CARD', threshold: 0.5, rank: 4, help: 'payment cards (issuer prefix and Luhn)' },
  WALLET: { tag: 'WALLET', threshold: 0.5, rank: 5, help: 'crypto wallets' },
  ID: { tag: 'ID', threshold: 0.5, rank: 9, help: 'national identity, tax and insurance numbers' },
  PASSPORT: { tag: 'PASSPORT', threshold: 0.5, rank: 6, help: 'passport numbers behind a cue' },
  LICENCE: { tag: 'LICENCE', threshold: 0.5, rank: 7, help: 'driver licence numbers behind a cue' },
  PLATE: { tag: 'PLATE', threshold: 0.5, rank: 8, help: 'licence plates behind a cue' },
  MAC: { tag: 'MAC', threshold: 0.5, rank: 10, help: 'network card addresses' },
  IP: { tag: 'IP', threshold: 0.5, rank: 11, help: 'public IPv4 and IPv6 addresses' },
  COORDINATES: { tag: 'COORDINATES', threshold: 0.5, rank: 12, help: 'coordinates of 4 and more decimals' },
  BIRTHDATE: { tag: 'BIRTHDATE', threshold: 0.5, rank: 13, help: 'dates of birth behind a cue' },
  ADDRESS: { tag: 'ADDRESS', threshold: 0.5, rank: 14, help: 'street and postal addresses' },
  PHONE: { tag: 'PHONE', threshold: 0.5, rank: 15, help: 'telephone numbers' },
  HANDLE: { tag: 'HANDLE', threshold: 0.5, rank: 16, help: 'social handles' },
  PERSON: { tag: 'NAME', threshold: 0.35, rank: 17, help: 'names of persons' },
} as const satisfies Record<string, Kind>

/** Name of a built-in kind. */
export type BuiltInKind = keyof typeof kinds
