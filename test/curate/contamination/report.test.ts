import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readBenchmark } from '../../../src/curate/contamination/benchmark.ts'
import { reportContamination } from '../../../src/curate/contamination/report.ts'
import { curate } from '../../../src/curate/curate.ts'
import { parseRecipe } from '../../../src/curate/recipe.ts'
import { openPool } from '../../../src/engine/pool.ts'
import { silentLog } from '../../../src/log.ts'
import { inventConversation, inventWork } from '../work.ts'

const pool = openPool(1)
afterAll(() => pool.close())

const problem =
  'A lighthouse keeper climbs 212 steps twice a day. How many steps does she climb in the 30 days of June, counting only the way up?'

test('a curated work folder is reported by benchmark, with item and message side by side', async () => {
  const pasted = inventConversation('pasted', {
    messages: [
      { role: 'user', content: `Solve: ${problem}` },
      { role: 'assistant', content: 'She climbs 12,720 steps.' },
    ],
  })
  const work = await inventWork([[inventConversation('clean'), pasted]])
  const path = join(work, 'steps.jsonl')
  writeFileSync(
    path,
    [problem, 'Name the three longest rivers of the continent that the narwhal never visits, and their mouths.']
      .map((question) => JSON.stringify({ question }))
      .join('\n'),
  )
  const recipe = parseRecipe(
    `name: test\nconsent: assumed\nlabels: [format, contamination]\nsettings: { contamination: { benchmarks: [${JSON.stringify(path)}], cache: ${JSON.stringify(work)} } }\n`,
    'test',
  )
  await curate({ work, loaded: { recipe, blockedWords: [] }, pool, log: silentLog })
  const items = await readBenchmark({ path })
  expect(await reportContamination({ work, items, most: 5 })).toMatchObject([
    {
      benchmark: 'steps',
      items: 2,
      itemsHit: 1,
      conversations: 1,
      byKind: { verbatim: 1 },
      evidence: [{ item: '0', conversation: 'pasted', message: 0, itemText: problem, messageText: `Solve: ${problem}` }],
    },
  ])
})

test('a work folder without the label is named, with what to do', async () => {
  await expect(reportContamination({ work: await inventWork([]), items: [], most: 1 })).rejects.toMatchObject({
    code: 'contamination-missing',
  })
})
