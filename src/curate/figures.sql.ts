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
