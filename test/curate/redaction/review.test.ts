import { expect, test } from 'vitest'
import { gradeReview, wilson } from '../../../src/curate/redaction/grade.ts'
import { createRedactionLabeller } from '../../../src/curate/redaction/redaction.ts'
import { sampleReview } from '../../../src/curate/redaction/review.ts'

const conversation = (id: string, content: string) => ({
  id,
  model: 'm',
  turns: 0,
  source: { file: 'f', line: 1 },
  messages: [{ role: 'user' as const, content }],
})

async function* stream() {
  yield Array.from({ length: 50 }, (_, at) =>
    conversation(`c${at}`, `My name is Peter Schmidt, mail p${at}@x.org, server 192.168.0.${at + 2}.`),
  )
}

test('a review holds a sample of redactions and near misses with their population', async () => {
  const labeller = await createRedactionLabeller()
  const { population, items } = await sampleReview(stream(), labeller, { size: 10, random: () => 0.3 })
  expect(population.EMAIL).toEqual({ redacted: 50, nearMisses: 0 })
  expect(population.IP).toEqual({ redacted: 0, nearMisses: 50 })
  expect(items.filter(({ decision }) => decision === 'redacted')).toHaveLength(10)
  expect(items.filter(({ decision }) => decision === 'near-miss')).toHaveLength(10)
})

test('grades become precision and recall with intervals', () => {
  const item = (decision: string, grade: boolean | null) => JSON.stringify({ kind: 'PERSON', decision, grade })
  const lines = [
    JSON.stringify({ population: { PERSON: { redacted: 900, nearMisses: 100 } } }),
    ...Array.from({ length: 40 }, (_, at) => item('redacted', at < 36)),
    ...Array.from({ length: 20 }, (_, at) => item('near-miss', at < 5)),
    item('redacted', null),
  ]
  const { kinds } = gradeReview(lines)
  expect(kinds.PERSON?.graded).toBe(60)
  expect(kinds.PERSON?.precision?.share).toBeCloseTo(0.9)
  expect(kinds.PERSON?.recall?.share).toBeCloseTo(810 / 835)
  expect(kinds.PERSON?.recall?.low).toBeLessThan(810 / 835)
})

test('an interval of nothing right still reaches above zero', () => {
  expect(wilson(0, 10).high).toBeCloseTo(0.2775, 3)
})

test('a file of another form is refused', () => {
  expect(() => gradeReview(['{"x":1}'])).toThrow(expect.objectContaining({ code: 'review-invalid' }))
})
