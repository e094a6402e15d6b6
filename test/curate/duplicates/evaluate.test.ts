import { expect, test } from 'vitest'
import { type DuplicateCase, evaluateDuplicates } from '../../../src/curate/duplicates/evaluate.ts'
import { silentLog } from '../../../src/log.ts'

const abstracts = [
  'We study how glacier melt changes the timing of spring floods in four alpine valleys, using gauges that have been read since the nineteen twenties and a model of snow cover driven by daily weather.',
  'A proof assistant for undergraduate courses is described that accepts arguments in controlled natural language, and its use by two hundred students over three terms is evaluated by marks and interviews.',
  'The diet of barn owls in a mosaic of farmland and forest was examined from pellets collected at forty nest boxes, and compared with trapping records of small mammals from the same fields and years.',
]

async function* cases(): AsyncIterable<DuplicateCase> {
  const record = (id: string, content: string, duplicates: string[]): DuplicateCase => ({
    id,
    messages: [{ role: 'user', content }],
    duplicates,
  })
  yield record('1', abstracts[0] ?? '', ['2'])
  yield record('2', (abstracts[0] ?? '').toUpperCase().replace('FOUR', '4'), ['1'])
  yield record('3', abstracts[1] ?? '', [])
  yield record('4', abstracts[2] ?? '', ['5'])
  yield record('5', 'Owls of another country altogether, described in other words.', ['4'])
}

test('records are counted as text-dedup counts them on the CORE set', async () => {
  const { records, groups, truth } = await evaluateDuplicates(cases(), silentLog)
  expect(records).toBe(5)
  expect(groups).toMatchObject({ exact_conversation: 5, near_prompts: 4 })
  // 1 and 2 find each other, 3 is rightly alone, 4 and 5 miss each other.
  expect(truth).toMatchObject({
    truePositives: 2,
    falsePositives: 0,
    trueNegatives: 1,
    falseNegatives: 2,
    precisionDuplicates: 1,
    recallDuplicates: 0.5,
  })
  expect(truth?.macroF1).toBeCloseTo((2 / 3 + 0.5) / 2, 10)
  expect(truth?.macroPrecision).toBeCloseTo((1 + 1 / 3) / 2, 10)
  expect(truth?.accuracy).toBeCloseTo(3 / 5, 10)
})
