import { expect, test } from 'vitest'
import { atThreshold, averagePrecision, calibrationError, kappa, rocArea } from '../../../src/curate/moderation/metrics.ts'

const cases = [
  { score: 0.9, isPositive: true },
  { score: 0.8, isPositive: false },
  { score: 0.7, isPositive: true },
  { score: 0.1, isPositive: false },
]

test('average precision of a ranking is the mean precision at its positives', () => {
  expect(averagePrecision(cases)).toBeCloseTo((1 + 2 / 3) / 2)
})

test('equal scores count as one step, so order of input is no advantage', () => {
  const tied = cases.map((one) => ({ ...one, score: 0.5 }))
  expect(averagePrecision(tied)).toBeCloseTo(0.5)
  expect(averagePrecision([...tied].reverse())).toBeCloseTo(0.5)
  expect(rocArea(tied)).toBeCloseTo(0.5)
})

test('ROC area is the chance that a positive scores above a negative', () => {
  expect(rocArea(cases)).toBeCloseTo(3 / 4)
})

test('threshold figures count what is called', () => {
  expect(atThreshold(cases, 0.75)).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5, called: 2 })
  expect(atThreshold(cases, 0.99)).toEqual({ precision: 1, recall: 0, f1: 0, called: 0 })
})

test('calibration error is the gap between score and truth', () => {
  expect(
    calibrationError([
      { score: 0.75, isPositive: true },
      { score: 0.75, isPositive: true },
    ]),
  ).toBeCloseTo(0.25)
})

test('kappa is 1 for the same answers and 0 for chance', () => {
  expect(
    kappa([
      [true, true],
      [false, false],
    ]),
  ).toBe(1)
  expect(
    kappa([
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ]),
  ).toBeCloseTo(0)
})
