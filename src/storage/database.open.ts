import { InputError } from '../errors.ts'
import type { Database, DatabasePlace } from './database.ts'

/**
 * Opens the database. PGlite needs about 5 s for a new folder and under a second after that, and one process per folder.
 * @throws InputError `database-url-invalid`, `database-locked`; RetryableError `database-not-made`.
 */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  if ('folder' in place) return (await import('./database.pglite.ts')).openPglite(place.folder)
  if (!/^postgres(ql)?:\/\//.test(place.url)) {
    throw new InputError(
      'database-url-invalid',
      'DATABASE_URL is not the URL of a PostgreSQL server. It begins with postgres:// or postgresql://.',
    )
  }
  return (await import('./database.postgres.ts')).openPostgres(place.url)
}
