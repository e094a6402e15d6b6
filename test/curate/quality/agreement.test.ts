import { expect, test } from 'vitest'
import { measureAgreement } from '../../../src/curate/quality/agreement.ts'
import { criteria, toVerdict } from '../../../src/curate/quality/criteria.ts'

const verdicts = Array.from({ length: 16 }, (_, index) =>
  toVerdict((criterion) => ((index >> (criteria.indexOf(criterion) % 4)) & 1) === 1),
)

test('the same verdicts agree wholly, opposite ones not at all', () => {
  const same = measureAgreement(verdicts, verdicts)
  expect(same.correlation).toBeCloseTo(1)
  expect(same.criteria.creativity).toEqual({ same: 1, kappa: 1 })
  const opposite = measureAgreement(
    verdicts,
    verdicts.map((verdict) => toVerdict((criterion) => !verdict[criterion])),
  )
  expect(opposite.correlation).toBeCloseTo(-1)
  expect(opposite.criteria.specificity.kappa).toBeCloseTo(-1)
})
