/** A case for the measures: a score, and whether it is really so. */
export interface Scored {
  score: number
  isPositive: boolean
}

/** Area under the precision-recall curve (average precision; equal scores count as one step); NaN without positives. */
export function averagePrecision(cases: readonly Scored[]): number {
  const sorted = [...cases].sort((a, b) => b.score - a.score)
  const positives = sorted.filter(({ isPositive }) => isPositive).length
  let found = 0
  let area = 0
  for (let at = 0; at < sorted.length; ) {
    const score = sorted[at]?.score
    const before = found
    let end = at
    while (end < sorted.length && sorted[end]?.score === score) {
      if (sorted[end]?.isPositive) found += 1
      end += 1
    }
    area += ((found - before) / positives) * (found / end)
    at = end
  }
  return positives === 0 ? Number.NaN : area
}

/** Area under the ROC curve: the chance that a positive scores above a negative (ties half); NaN without both kinds. */
export function rocArea(cases: readonly Scored[]): number {
  const sorted = [...cases].sort((a, b) => a.score - b.score)
  let positives = 0
  let rankSum = 0
  for (let at = 0; at < sorted.length; ) {
    let end = at
    while (end < sorted.length && sorted[end]?.score === sorted[at]?.score) end += 1
    const rank = (at + 1 + end) / 2
    for (let k = at; k < end; k += 1) {
      if (!sorted[k]?.isPositive) continue
      positives += 1
      rankSum += rank
    }
    at = end
  }
  const negatives = sorted.length - positives
  return positives === 0 || negatives === 0 ? Number.NaN : (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** Precision, recall and F1 of calling everything at or above the threshold positive; precision 1 when nothing is called. */
export function atThreshold(
  cases: readonly Scored[],
  threshold: number,
): { precision: number; recall: number; f1: number; called: number } {
  const called = cases.filter(({ score }) => score >= threshold)
  const right = called.filter(({ isPositive }) => isPositive).length
  const positives = cases.filter(({ isPositive }) => isPositive).length
  const precision = called.length === 0 ? 1 : right / called.length
  const recall = positives === 0 ? Number.NaN : right / positives
  const f1 = right === 0 ? 0 : (2 * precision * recall) / (precision + recall)
  return { precision, recall, f1, called: called.length }
}

/** Expected calibration error in ten equal bins of the score: mean gap between score and share of positives, weighted by bin size. */
export function calibrationError(cases: readonly Scored[]): number {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, scores: 0, positives: 0 }))
  for (const { score, isPositive } of cases) {
    const bin = bins[Math.min(9, Math.floor(score * 10))]
    if (!bin) continue
    bin.count += 1
    bin.scores += score
    bin.positives += isPositive ? 1 : 0
  }
  return (
    bins.reduce((sum, { count, scores, positives }) => sum + (count === 0 ? 0 : Math.abs(scores - positives)), 0) /
    Math.max(1, cases.length)
  )
}

/** Cohen's kappa of two yes-no answers to the same questions: agreement beyond chance; NaN when chance alone would agree. */
export function kappa(pairs: readonly (readonly [boolean, boolean])[]): number {
  const count = pairs.length
  const same = pairs.filter(([a, b]) => a === b).length / count
  const first = pairs.filter(([a]) => a).length / count
  const second = pairs.filter(([, b]) => b).length / count
  const chance = first * second + (1 - first) * (1 - second)
  return chance === 1 ? Number.NaN : (same - chance) / (1 - chance)
}
