/** The statement of an address, behind `#sql=`: what is behind a `#` is never sent to a server. */
export function readSqlLink(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('sql') ?? ''
}

/** The part of an address that carries a statement. */
export const sqlLink = (sql: string): string => (sql.trim() === '' ? '' : `#${new URLSearchParams({ sql })}`)
