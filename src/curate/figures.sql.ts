import { type Criterion, criteria } from './quality/criteria.ts'

/** Figures of labels over the selected conversations: what they are called on the card, and the SQL aggregate over the label's columns that gives them. */
export const labelFigures: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  duplicates: {
    'conversations whose first prompt came more than once': 'count(*) FILTER (exact_first_prompt.size > 1)',
    'distinct first prompts': 'count(DISTINCT exact_first_prompt.key)',
    'conversations that came word for word more than once': 'count(*) FILTER (exact_conversation.size > 1)',
    'conversations in a group of near duplicates': 'count(*) FILTER (near_prompts.size > 1)',
    'conversations of a prompt family (template)': 'count(*) FILTER (template.size > 1)',
  },
  contamination: {
    'conversations that hold a benchmark item': 'count(*) FILTER (contaminated)',
  },
  quality: {
    'mean difficulty of the prompts (1–10)': 'avg(difficulty)',
    'conversations with a refusal': 'count(*) FILTER (refusals > 0)',
    'conversations with a repetition loop': 'count(*) FILTER (repetition >= 0.5)',
    'conversations that end in a truncated answer': 'count(*) FILTER (truncated)',
    'conversations answered in another language': 'count(*) FILTER (language_mismatch)',
    'mean share of code': 'avg(code_share)',
  },
}

/**
 * How far the offline scorer and the judge agree on the selected conversations that have both; asked for where a judge is configured. Kappa (Cohen) is 1
 * for full agreement, 0 for what chance gives. @see https://doi.org/10.1177/001316446002000104
 */
export const judgeFigures: Readonly<Record<string, string>> = {
  'prompts with a verdict of the judge': 'count(judged_difficulty)',
  'correlation of offline and judged difficulty': 'corr(difficulty, judged_difficulty)',
  'share of prompts whose difficulties are at most 2 apart':
    'avg((abs(difficulty - judged_difficulty) <= 2)::INTEGER) FILTER (judged_difficulty IS NOT NULL)',
  ...Object.fromEntries(criteria.map((criterion) => [`agreement on ${criterion.replaceAll('_', ' ')} (kappa)`, kappaOf(criterion)])),
}

function kappaOf(criterion: Criterion): string {
  const average = (condition: string) => `avg((${condition})::INTEGER) FILTER (judged_criteria IS NOT NULL)`
  const [one, two] = [`criteria.${criterion}`, `judged_criteria.${criterion}`]
  const [yesOne, yesTwo] = [average(one), average(two)]
  const chance = `(${yesOne} * ${yesTwo} + (1 - ${yesOne}) * (1 - ${yesTwo}))`
  // Where both always say the same one thing, chance explains all: full agreement.
  return `coalesce((${average(`${one} = ${two}`)} - ${chance}) / nullif(1 - ${chance}, 0), CASE WHEN count(judged_criteria) > 0 THEN 1 END)`
}
