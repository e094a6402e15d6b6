/** The seven criteria of hard prompts. @see https://lmsys.org/blog/2024-05-17-category-hard/ */
export const criteria = [
  'specificity',
  'domain_knowledge',
  'complexity',
  'problem_solving',
  'creativity',
  'technical_accuracy',
  'real_world',
] as const

/** One of the seven criteria. */
export type Criterion = (typeof criteria)[number]

/** Whether a prompt meets each criterion. */
export type Verdict = Readonly<Record<Criterion, boolean>>

/** Difficulty 1–10: 1 for none of the criteria, 10 for all seven, evenly between. */
export function difficultyOf(verdict: Verdict): number {
  return 1 + Math.round((9 * criteria.filter((criterion) => verdict[criterion]).length) / criteria.length)
}

/** A verdict from the criteria that are met. */
export function toVerdict(met: (criterion: Criterion) => boolean): Verdict {
  return {
    specificity: met('specificity'),
    domain_knowledge: met('domain_knowledge'),
    complexity: met('complexity'),
    problem_solving: met('problem_solving'),
    creativity: met('creativity'),
    technical_accuracy: met('technical_accuracy'),
    real_world: met('real_world'),
  }
}
