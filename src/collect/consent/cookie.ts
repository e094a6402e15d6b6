const year = 365 * 24 * 3600

/** The `Set-Cookie` header that makes a browser known. Browsers send a `__Host-` cookie by https alone, so its name depends on the address. */
export const personCookie = (secret: string, isSecure: boolean): string => cookie(secret, isSecure, year)

/** The `Set-Cookie` header that makes a browser unknown. */
export const forgetCookie = (isSecure: boolean): string => cookie('', isSecure, 0)

/** The secret that a request's cookie holds. */
export function readCookie(headers: Headers): string | undefined {
  return /(?:^|;\s*)(?:__Host-)?colloquy_person=([A-Za-z0-9_-]{43})(?:;|$)/.exec(headers.get('cookie') ?? '')?.[1]
}

function cookie(secret: string, isSecure: boolean, maxAge: number): string {
  const name = isSecure ? '__Host-colloquy_person' : 'colloquy_person'
  return `${name}=${secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${isSecure ? '; Secure' : ''}`
}
