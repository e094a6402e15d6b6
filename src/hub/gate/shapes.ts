import { z } from 'zod'

/** Path of a dataset's own routes. */
export const base = '/api/datasets/:namespace/:name'

/** Which terms and requests are meant: those of the release where none is named. */
export const LevelName = z.enum(['release', 'raw']).default('release')

/** A moment, written as a date or as date and time. */
export const Day = z.coerce.date({ error: 'a date such as 2027-01-31' })
