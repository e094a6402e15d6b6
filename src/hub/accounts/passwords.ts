import { hash, verify } from '@node-rs/argon2'

/** OWASP's second choice of argon2id: 19 MiB, two passes, one lane; about 25 ms on 2 cores. @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** An argon2id hash of a password, in the PHC form that carries its salt and cost. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), cost)
}

/** True where the password is the one that was hashed. */
export async function isPassword(hashed: string, password: string): Promise<boolean> {
  return verify(hashed, password.normalize('NFKC'))
}
