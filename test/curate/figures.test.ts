import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { computeFigures } from '../../src/curate/figures.ts'
import { criteria, difficultyOf, toVerdict, type Verdict } from '../../src/curate/quality/criteria.ts'
import { createQualityLabeller, type QualityLabel } from '../../src/curate/quality/labeller.ts'
import { writeParquet } from '../../src/storage/parquet.ts'
import { inventConversation, inventWork } from './work.ts'

const verdicts = Array.from({ length: 16 }, (_, index) =>
  toVerdict((criterion) => ((index >> (criteria.indexOf(criterion) % 4)) & 1) === 1),
)

/** Figures of a work folder whose conversations have these verdicts, offline and of a judge. */
async function figuresOf(
  pairs: readonly { offline: Verdict; judged: Verdict | null }[],
  judge: string | null,
): Promise<Record<string, number | null>> {
  const labeller = await createQualityLabeller({ cache: 'unused' })
  const work = await inventWork([pairs.map((_, index) => inventConversation(`c${index}`))])
  const plain: QualityLabel = (await labeller.label(inventConversation('x'))) as QualityLabel
  const rows = pairs.map(({ offline, judged }, index) => ({
    id: `c${index}`,
    ...labeller.toRow({
      ...plain,
      difficulty: difficultyOf(offline),
      criteria: offline,
      judgedDifficulty: judged && difficultyOf(judged),
      judgedCriteria: judged,
    }),
  }))
  for (const folder of ['labels', 'labels/quality', 'selection']) mkdirSync(join(work, folder))
  await writeParquet(join(work, 'labels/quality/00000.parquet'), [{ name: 'id', type: 'string' }, ...labeller.columns], rows)
  const positions = pairs.map((_, index) => ({ position: BigInt(index), model: 'm' }))
  await writeParquet(
    join(work, 'selection/00000.parquet'),
    [
      { name: 'position', type: 'int64' },
      { name: 'model', type: 'string' },
    ],
    positions,
  )
  const labels = { quality: { folder: 'labels/quality', version: '2', fingerprint: 'f', settings: { judge }, quality: null } }
  const figures = await computeFigures({ work, shards: ['00000'], labels, jobs: 1, memoryMiB: 256 })
  return Object.fromEntries(figures.map(({ figure, value }) => [figure, value]))
}

test('the same verdicts agree wholly, opposite ones not at all', async () => {
  const same = await figuresOf(
    verdicts.map((verdict) => ({ offline: verdict, judged: verdict })),
    'm',
  )
  expect(same).toMatchObject({
    'prompts with a verdict of the judge': 16,
    'correlation of offline and judged difficulty': 1,
    'agreement on creativity (kappa)': 1,
  })
  const opposite = await figuresOf(
    verdicts.map((verdict) => ({ offline: verdict, judged: toVerdict((criterion) => !verdict[criterion]) })),
    'm',
  )
  expect(opposite).toMatchObject({ 'correlation of offline and judged difficulty': -1, 'agreement on specificity (kappa)': -1 })
})

test('kappa is what Cohen’s formula gives, prompts without a verdict left out', async () => {
  const met = (is: boolean) => toVerdict((criterion) => criterion === 'creativity' && is)
  const table: [boolean, boolean, number][] = [
    [true, true, 4],
    [true, false, 1],
    [false, true, 2],
    [false, false, 3],
  ]
  const pairs = table.flatMap(([offline, judged, times]) =>
    Array.from({ length: times }, () => ({ offline: met(offline), judged: met(judged) })),
  )
  const figures = await figuresOf([...pairs, { offline: met(true), judged: null }], 'm')
  // By hand: same .7, chance .5 · .6 + .5 · .4 = .5, so (.7 − .5) / (1 − .5).
  expect(figures['agreement on creativity (kappa)']).toBe(0.4)
  expect(figures['agreement on specificity (kappa)']).toBe(1)
  expect(figures['prompts with a verdict of the judge']).toBe(10)
})

test('without a judge the card says nothing of one', async () => {
  const figures = await figuresOf([{ offline: toVerdict(() => true), judged: null }], null)
  expect(Object.keys(figures).filter((figure) => /judge|kappa/.test(figure))).toEqual([])
})
