/** 64 characters safe in JSON, SQL and paths, in the order of their codes, so that ids sort as the numbers do. */
export const alphabet = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'

/** By six bits, the code of their character. */
export const codes = Buffer.from(alphabet, 'latin1')

/** By a character's code, its six bits. */
export const digits = new Uint8Array(128)
for (const [digit, code] of codes.entries()) digits[code] = digit
