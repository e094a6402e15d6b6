import { type Criterion, criteria, difficultyOf, type Verdict } from './criteria.ts'

/** How far two judges of the same prompts agree. Kappa is 1 for full agreement, 0 for what chance gives. */
export interface Agreement {
  prompts: number
  /** Spearman's rank correlation of the difficulties (-1–1). */
  correlation: number
  criteria: Record<Criterion, { same: number; kappa: number }>
}

/** Compares verdicts on the same prompts, one by one. */
export function measureAgreement(one: readonly Verdict[], two: readonly Verdict[]): Agreement {
  const pairs = one.flatMap((first, index) => {
    const second = two[index]
    return second ? [{ first, second }] : []
  })
  const byCriterion = (criterion: Criterion) => {
    const same = mean(pairs.map(({ first, second }) => (first[criterion] === second[criterion] ? 1 : 0)))
    const yesOne = mean(pairs.map(({ first }) => Number(first[criterion])))
    const yesTwo = mean(pairs.map(({ second }) => Number(second[criterion])))
    const chance = yesOne * yesTwo + (1 - yesOne) * (1 - yesTwo)
    return { same, kappa: chance === 1 ? 1 : (same - chance) / (1 - chance) }
  }
  const entries = criteria.map((criterion) => [criterion, byCriterion(criterion)] as const)
  return {
    prompts: pairs.length,
    correlation: correlate(rank(pairs.map(({ first }) => difficultyOf(first))), rank(pairs.map(({ second }) => difficultyOf(second)))),
    criteria: Object.fromEntries(entries) as Agreement['criteria'],
  }
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Ranks with ties at their mean. */
function rank(values: readonly number[]): number[] {
  return values.map((value) => values.filter((other) => other < value).length + (values.filter((other) => other === value).length + 1) / 2)
}

function correlate(one: readonly number[], two: readonly number[]): number {
  const [first, second] = [mean(one), mean(two)]
  let [product, squareOne, squareTwo] = [0, 0, 0]
  for (const [index, value] of one.entries()) {
    const other = two[index] ?? 0
    product += (value - first) * (other - second)
    squareOne += (value - first) ** 2
    squareTwo += (other - second) ** 2
  }
  return squareOne * squareTwo === 0 ? 0 : product / Math.sqrt(squareOne * squareTwo)
}
