import { readConversations } from '../../storage/conversations.ts'
import { type Column, createParquet } from '../../storage/parquet.ts'
import { createSignatureLabeller } from './labeller.ts'

/** This module's tasks, for worker threads. */
export const module = import.meta.url

/** Signs one shard of conversations into one sidecar; gives the number of rows. */
export async function signShard({ from, to }: { from: string; to: string }): Promise<number> {
  const labeller = createSignatureLabeller()
  const id: Column = { name: 'id', type: 'string' }
  const file = await createParquet(to, [id, ...labeller.columns])
  try {
    for await (const conversations of readConversations(from)) {
      const rows = []
      for (const conversation of conversations) rows.push({ id: conversation.id, ...labeller.toRow(await labeller.label(conversation)) })
      file.write(rows)
    }
  } catch (error) {
    file.abandon()
    throw error
  }
  return file.close().rows
}
