import { PGlite } from '@electric-sql/pglite'
import { describeError } from '../errors.ts'

// The program that makes one PGlite folder and ends: exit code 0, or 1 after telling why not.
process.once('disconnect', () => process.exit(1))
process.once('message', async (folder) => {
  try {
    const pglite = await PGlite.create(String(folder))
    await pglite.close()
    process.exit(0)
  } catch (error) {
    process.send?.({ error: describeError(error) }, () => process.exit(1))
  }
})
