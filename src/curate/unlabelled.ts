import { join } from 'node:path'
import type { Conversation } from '../conversation.ts'
import { readConversations } from '../storage/conversations.ts'
import { digestOf, isLabelled, openEarlier, setAside } from './earlier.ts'
import { sidecarFolder } from './label-shard.ts'
import type { Labeller } from './labeller.ts'

/** The conversations of one shard that a label is still to be made for, and how many there are of all shards for each of them. */
export interface Unlabelled {
  conversations: AsyncIterable<Conversation>
  share: number
}

/**
 * What a labeller has left to do, by the first shard that lacks its label: its conversations are as good as drawn by lot, since their ids are dealt by
 * hash. Those whose row an earlier run made are not in it. Undefined where every shard has the label.
 */
export async function findUnlabelled({
  work,
  shards,
  labeller,
}: {
  work: string
  shards: readonly { shard: string; rows: number; sha256: string }[]
  labeller: Pick<Labeller<unknown>, 'name' | 'fingerprint' | 'isFinal'>
}): Promise<Unlabelled | undefined> {
  const folder = join(work, sidecarFolder(labeller))
  await setAside(folder, shards)
  const lacking = []
  for (const entry of shards) if (!(await isLabelled(folder, entry))) lacking.push(entry)
  const [first] = lacking
  if (!first) return undefined
  return {
    conversations: readNew({ work, folder, shard: first.shard, shards: shards.length, isFinal: labeller.isFinal ?? (() => true) }),
    share: lacking.reduce((sum, { rows }) => sum + rows, 0) / Math.max(1, first.rows),
  }
}

async function* readNew(at: {
  work: string
  folder: string
  shard: string
  shards: number
  isFinal: NonNullable<Labeller<unknown>['isFinal']>
}): AsyncIterable<Conversation> {
  const earlier = await openEarlier(at.folder, at.shard, at.shards)
  for await (const conversations of readConversations(join(at.work, 'conversations', `${at.shard}.parquet`))) {
    for (const conversation of conversations) {
      const row = await earlier.take(conversation.id, digestOf(conversation))
      if (!row || !at.isFinal(row)) yield conversation
    }
  }
}
