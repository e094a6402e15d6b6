import { z } from 'zod'
import type { BackgroundTask } from '../background.ts'
import { type Dataset, DatasetRow } from '../datasets/store.ts'
import type { Hub } from '../hub.ts'
import { remind } from '../promises/demands.ts'
import { notifyPerson } from './notify.ts'
import { accessExpiring } from './words.ts'

/** Tells people in time: of grants that end, and of demands that they have not confirmed. Looks every hour. */
export const reminderTask: BackgroundTask = { name: 'reminders', everyMs: 3_600_000, run: sendReminders }

/** A grant's end is told this long before. */
const WARN_MS = 14 * 86_400_000

/** Queues what is due; each is queued once, whichever server does it. */
export async function sendReminders(hub: Hub): Promise<void> {
  for (const dataset of await hub.database.select(DatasetRow, 'select * from datasets order by id')) {
    await warnExpiring(hub, dataset)
    await remind(hub, dataset)
  }
  hub.wake('notices')
}

const Ending = z.object({ id: z.string(), user_id: z.string(), name: z.string(), expires_at: z.date() })

async function warnExpiring(hub: Hub, dataset: Dataset): Promise<void> {
  const at = hub.now()
  await hub.database.transaction(async (queries) => {
    const ending = await queries.select(
      Ending,
      `select requests.id, user_id, users.name, requests.expires_at from requests join users on users.id = requests.user_id
       where dataset_id = $1 and status = 'accepted' and requests.expires_at > $2 and requests.expires_at <= $3
         and warned_for is distinct from requests.expires_at order by requests.id limit 1000 for update of requests`,
      [dataset.id, at, new Date(at.getTime() + WARN_MS)],
    )
    for (const { id, user_id, name, expires_at } of ending) {
      await notifyPerson(hub, queries, dataset, user_id, accessExpiring(dataset.fullName, name, expires_at))
      await queries.change('update requests set warned_for = expires_at where id = $1', [id])
    }
  })
}
