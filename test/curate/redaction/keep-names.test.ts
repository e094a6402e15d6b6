import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Conversation } from '../../../src/conversation.ts'
import { type CurateReport, curate } from '../../../src/curate/curate.ts'
import { parseRecipe } from '../../../src/curate/recipe.ts'
import { openPool, type Pool } from '../../../src/engine/pool.ts'
import { silentLog } from '../../../src/log.ts'
import { readParquet } from '../../../src/storage/parquet.ts'
import { inventConversation, inventWork } from '../work.ts'

const pools = [openPool(1), openPool(2)]
afterAll(() => Promise.all(pools.map((pool) => pool.close())))

const say = (id: string, user: string | undefined, content: string): Conversation =>
  inventConversation(id, { messages: [{ role: 'user', content }], ...(user === undefined ? {} : { user }) })

/** Three users speak of Marie Curie; Priya Raghunathan has one user, who speaks of her three times; three that name no user count as one. */
const conversations = [
  say('a', 'u1', 'Who was Marie Curie? My name is Priya Raghunathan.'),
  say('b', 'u2', 'Dear Thomas Müller, I have read about Marie Curie. Write to Priya.'),
  say('c', 'u3', 'Was Marie Curie born in Warsaw? Curie was.'),
  say('d', 'u1', 'My name is Priya Raghunathan.'),
  say('e', 'u1', 'I am Priya Raghunathan.'),
  say('f', undefined, 'My name is Peter Schmidt.'),
  say('g', undefined, 'My name is Peter Schmidt.'),
  say('h', undefined, 'My name is Peter Schmidt.'),
]

const recipe = (keepNames: string, more = '') =>
  parseRecipe(
    `name: test\nconsent: assumed\nlabels: [format, redaction]\nsettings: { redaction: { ${keepNames}${more} } }\nrules: []\n`,
    'test',
  )

async function label(shards: readonly (readonly Conversation[])[], settings: string, pool: Pool) {
  const work = await inventWork(shards)
  const report = await curate({ work, loaded: { recipe: recipe(settings), blockedWords: [] }, pool, log: silentLog })
  return { report, labels: await readLabels(work, report) }
}

async function readLabels(work: string, { labels }: CurateReport): Promise<Record<string, { redacted: unknown; tags: string[] }>> {
  const folder = join(work, labels.redaction?.folder ?? '')
  const found: Record<string, { redacted: unknown; tags: string[] }> = {}
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.parquet'))) {
    for await (const rows of readParquet(join(folder, file))) {
      for (const { id, redacted, spans } of rows) {
        const tags = Array.isArray(spans) ? spans.map(({ start, replacement }) => `${start} ${replacement}`) : []
        found[String(id)] = { redacted, tags }
      }
    }
  }
  return found
}

test('a name of more than N users stays, in all its forms; others go, and their numbers close up', async () => {
  const { labels, report } = await label([conversations], 'keepNames: { moreThanUsers: 2 }', pools[0] ?? openPool(1))
  expect(labels).toEqual({
    a: { redacted: true, tags: ['32 NAME_1'] },
    b: { redacted: true, tags: ['5 NAME_1', '60 NAME_2'] },
    c: { redacted: false, tags: [] },
    d: { redacted: true, tags: ['11 NAME_1'] },
    e: { redacted: true, tags: ['5 NAME_1'] },
    f: { redacted: true, tags: ['11 NAME_1'] },
    g: { redacted: true, tags: ['11 NAME_1'] },
    h: { redacted: true, tags: ['11 NAME_1'] },
  })
  expect(report.labels.redaction?.settings).toMatchObject({ keepNames: { moreThanUsers: 2 } })
})

test('a name of exactly N users goes, and so does one that the deny list holds', async () => {
  const { labels } = await label([conversations], 'keepNames: { moreThanUsers: 3 }', pools[0] ?? openPool(1))
  expect(labels.c?.redacted).toBe(true)
  const denied = 'keepNames: { moreThanUsers: 2 }, deny: [{ value: Marie Curie }]'
  expect((await label([conversations], denied, pools[0] ?? openPool(1))).labels.c?.redacted).toBe(true)
})

test('shards, their order and the number of threads change nothing', async () => {
  const settings = 'keepNames: { moreThanUsers: 2 }'
  const whole = await label([conversations], settings, pools[0] ?? openPool(1))
  const cut = await label([conversations.slice(5), conversations.slice(2, 5), conversations.slice(0, 2)], settings, pools[1] ?? openPool(2))
  expect(cut.labels).toEqual(whole.labels)
})

test('a number of users that is none is refused, naming the field', async () => {
  await expect(label([conversations], 'keepNames: { moreThanUsers: 0 }', pools[0] ?? openPool(1))).rejects.toMatchObject({
    code: 'redaction-settings-invalid',
    message: expect.stringContaining('keepNames.moreThanUsers'),
  })
})
