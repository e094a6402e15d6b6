import type { z } from 'zod'

/** A parameter of a statement. JSON goes in as text with a `::jsonb` cast, so that both databases read it the same way. */
export type SqlValue = string | number | boolean | Date | Uint8Array | null | readonly string[] | readonly number[]

/** Something that statements can be sent to: the database, or one transaction of it. */
export interface Queries {
  /**
   * Rows of one statement, each parsed by `row`. int8 comes as a number, timestamptz as a Date, jsonb parsed.
   * @throws the database's own error, with `code` its SQLSTATE.
   */
  select<T>(row: z.ZodType<T>, sql: string, values?: readonly SqlValue[]): Promise<T[]>
  /** Runs one statement for its effect; resolves to the number of rows that it changed. */
  change(sql: string, values?: readonly SqlValue[]): Promise<number>
  /** Runs several statements without parameters: a migration. */
  script(sql: string): Promise<void>
}

/** One SQL database: PGlite in a folder, or a PostgreSQL server. Both speak the same dialect. */
export interface Database extends Queries {
  /** Like `change`, for records by which nothing is decided: they do not count as changes. */
  record(sql: string, values?: readonly SqlValue[]): Promise<number>
  /** How often something may have been changed; undefined where others than this process may change it. What was read at a count holds as long as it stands. */
  changes(): number | undefined
  /** Runs `work` in one transaction: all of it holds, or, when it throws, none of it. Statements inside go to the given queries only. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Where the database is: a folder of its own, or the URL of a PostgreSQL server. */
export type DatabasePlace = { folder: string } | { url: string }

/** True where a statement failed because a unique value is taken. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
