import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Battle } from '../conversation.ts'
import { battleColumns, toBattleRow } from '../storage/battles.ts'
import { createParquet } from '../storage/parquet.ts'

/** Joins the shards' battles into one Parquet file, in the order of shards; gives their number. */
export async function writeBattles(path: string, shards: readonly string[]): Promise<number> {
  const file = await createParquet(path, battleColumns)
  for (const shard of shards) {
    for await (const line of createInterface({ input: createReadStream(shard), crlfDelay: Number.POSITIVE_INFINITY })) {
      file.write([toBattleRow(JSON.parse(line) as Battle)])
    }
  }
  return file.close().rows
}
