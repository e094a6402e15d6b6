import { z } from 'zod'
import { describeError } from '../../errors.ts'
import { toStamp } from '../chat/record.ts'
import type { Site, Withdrawal } from '../site.ts'
import { hashReceipt } from './people.ts'

/**
 * Takes back a person's consent: stops their turns, writes the withdrawal to the event log (from then on `colloquy build` leaves their conversations out),
 * tells the hub, and deletes their conversations, votes and links here. Asked again for the same person it gives the first answer.
 * @throws RetryableError `log-unwritable`: then nothing has changed.
 */
export async function withdrawPerson(site: Site, person: string): Promise<{ recordedAt: string; conversations: number }> {
  const receipt = hashReceipt(site.people.receiptOf(person))
  const former = await findWithdrawal(site, receipt)
  if (former) return { recordedAt: former.recordedAt, conversations: former.conversations.length }
  await stopTurns(site, person)
  const conversations = await site.store.logIds(person)
  const at = site.now()
  const withdrawal: Withdrawal = { user: person, isWhole: true, conversations, recordedAt: at.toISOString() }
  await site.eventLog.append({ schema: 1, type: 'withdrawal', tstamp: toStamp(at.getTime()), user: person })
  await site.database.change(
    'insert into collect_withdrawals (receipt, person, conversations, recorded_at, is_whole) values ($1, $2, $3::jsonb, $4, $5) on conflict do nothing',
    [receipt, person, JSON.stringify(conversations), at, true],
  )
  await site.people.withdraw(person)
  await site.store.forget(person)
  await site.database.change('delete from collect_votes where judge = $1', [person])
  await tellHub(site, receipt, withdrawal)
  return { recordedAt: withdrawal.recordedAt, conversations: conversations.length }
}

/** Takes single conversations out of the record, on the person's word: the log says so, and the hub is told. The person's consent stays. */
export async function withdrawConversations(site: Site, person: string, conversations: readonly string[]): Promise<void> {
  if (conversations.length === 0) return
  const at = site.now()
  await site.eventLog.append({ schema: 1, type: 'withdrawal', tstamp: toStamp(at.getTime()), user: person, conversations })
  const receipt = hashReceipt(`${site.people.receiptOf(person)}${at.toISOString()}${conversations[0]}`)
  await site.database.change(
    'insert into collect_withdrawals (receipt, person, conversations, recorded_at, is_whole) values ($1, $2, $3::jsonb, $4, $5) on conflict do nothing',
    [receipt, person, JSON.stringify(conversations), at, false],
  )
  await site.database.change('delete from collect_votes where battle = any($1)', [[...conversations]])
  await tellHub(site, receipt, { user: person, isWhole: false, conversations, recordedAt: at.toISOString() })
}

/** When a receipt was used; undefined where it was not. */
export async function findWithdrawal({ database }: Site, receiptHash: string): Promise<Withdrawal | undefined> {
  const [row] = await database.select(Row, 'select * from collect_withdrawals where receipt = $1', [receiptHash])
  return row && toWithdrawal(row)
}

/** Tells the hub again of withdrawals that it did not take. */
export async function retellWithdrawals(site: Site): Promise<void> {
  if (!site.onWithdrawal) return
  const rows = await site.database.select(Row, 'select * from collect_withdrawals where told_at is null order by recorded_at limit 1000')
  for (const row of rows) await tellHub(site, row.receipt, toWithdrawal(row))
}

const Row = z.object({
  receipt: z.string(),
  person: z.string(),
  conversations: z.array(z.string()),
  recorded_at: z.date(),
  is_whole: z.boolean(),
})

const toWithdrawal = ({ person, conversations, recorded_at, is_whole }: z.infer<typeof Row>): Withdrawal => ({
  user: person,
  isWhole: is_whole,
  conversations,
  recordedAt: recorded_at.toISOString(),
})

async function stopTurns(site: Site, person: string): Promise<void> {
  const running = site.store.running(person)
  for (const { live } of running) live?.stopping.abort()
  await Promise.all(running.map(({ live }) => live?.settled))
}

/** The withdrawal holds whether the hub hears of it now or later. */
async function tellHub(site: Site, receipt: string, withdrawal: Withdrawal): Promise<void> {
  if (!site.onWithdrawal) return
  try {
    await site.onWithdrawal(withdrawal)
    await site.database.change('update collect_withdrawals set told_at = $2 where receipt = $1', [receipt, site.now()])
  } catch (error) {
    site.log.error('collect.withdrawal-untold', { reason: describeError(error).slice(0, 200) })
  }
}
