import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Battle, Conversation } from '../../src/conversation.ts'
import { conversationColumns, toConversationRow } from '../../src/storage/conversations.ts'
import { hashFile, toJson } from '../../src/storage/files.ts'
import { writeParquet } from '../../src/storage/parquet.ts'

/** An invented conversation of one question and its answer; `change` replaces fields. */
export function inventConversation(id: string, change: Partial<Conversation> = {}): Conversation {
  const messages: Conversation['messages'] = [
    { role: 'user', content: `Please explain the tides of planet ${id} to me.` },
    { role: 'assistant', content: 'They follow its moons.' },
  ]
  return { id, model: 'vicuna-13b', messages, turns: 1, source: { file: 'log.json', line: 1 }, ...change }
}

/** A work folder as ingest leaves it, of these shards. */
export async function inventWork(
  shards: readonly (readonly Conversation[])[],
  battles: readonly Pick<Battle, 'id' | 'anonymous'>[] = [],
): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'colloquy-curate-'))
  mkdirSync(join(work, 'conversations'))
  const listed = []
  for (const [index, conversations] of shards.entries()) {
    const shard = String(index).padStart(5, '0')
    const path = join(work, 'conversations', `${shard}.parquet`)
    await writeParquet(path, conversationColumns, conversations.map(toConversationRow))
    listed.push({ shard, rows: conversations.length, sha256: await hashFile(path) })
  }
  await writeParquet(
    join(work, 'battles.parquet'),
    [
      { name: 'id', type: 'string' },
      { name: 'anonymous', type: 'boolean' },
    ],
    battles.map(({ id, anonymous }) => ({ id, anonymous })),
  )
  writeFileSync(join(work, 'ingest.json'), toJson({ schema: 1, shards: listed }))
  return work
}
