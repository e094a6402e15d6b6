import type { FormatLabel } from './format/labeller.ts'

/** What a row rule sees of a conversation: facts, never its text. */
export interface Facts {
  model: string
  turns: number
  hasConsent: boolean
  isAnonymousBattle: boolean
  format: FormatLabel
  language: string | null
}

/** Parameters that a recipe gives a rule, such as `{ prompts: 16 }`. */
export type RuleParameters = Readonly<Record<string, unknown>>

/** A cleaning rule on one conversation: true drops it. */
export interface RowRule {
  description: string
  drops(facts: Facts, parameters: RuleParameters): boolean
}

/** Every rule on single conversations, by the name that recipes, counts and the card use. */
export const rowRules: Readonly<Record<string, RowRule>> = {
  'consent-missing': {
    description: 'no recorded consent',
    drops: ({ hasConsent }) => !hasConsent,
  },
  'network-error': {
    description: 'a message holds the network error text that FastChat wrote in place of an answer',
    drops: ({ format }) => format.networkError,
  },
  'bad-format': {
    description: 'no messages, or a message that is not text',
    drops: ({ format }) => format.firstBad === 'bad-format',
  },
  anonymized: {
    description: "a message holds '<anonymized>', the mark of an earlier personal-data pass (first hit in message order)",
    drops: ({ format }) => format.firstBad === 'anonymized',
  },
  redacted: {
    description: "a message holds '<redacted>', the mark of an earlier personal-data pass (first hit in message order)",
    drops: ({ format }) => format.firstBad === 'redacted',
  },
  'blocked-word': {
    description: "a lower-cased, simplified message holds a word of the user's list (first hit in message order)",
    drops: ({ format }) => format.firstBad === 'blocked-word',
  },
  'bad-order': {
    description: 'speakers do not alternate, or the model speaks first',
    drops: ({ format }) => format.badOrder,
  },
  'empty-turn': {
    description: 'a message has no visible character',
    drops: ({ format }) => format.emptyTurn,
  },
  unanswered: {
    description: 'no answer has a visible character',
    drops: ({ format }) => format.unanswered,
  },
  'error-text': {
    description: 'a message holds an error text that a server wrote in place of an answer',
    drops: ({ format }) => format.errorText,
  },
  'moderation-stub': {
    description: "a message holds '$MODERATION$', which replaced an input that the live moderation refused",
    drops: ({ format }) => format.moderationStub,
  },
  cursor: {
    description: 'an answer ends in the cursor of an unfinished stream',
    drops: ({ format }) => format.cursor,
  },
  'identity-leak': {
    description: 'an answer in an anonymous battle names a model or its maker',
    drops: ({ isAnonymousBattle, format }) => isAnonymousBattle && format.identityWord,
  },
  'too-short': {
    description: 'at most two messages and no prompt of at least N characters (parameter prompts)',
    drops: ({ format }, { prompts }) => format.messages <= 2 && format.longestPrompt < Number(prompts ?? 16),
  },
  'unknown-language': {
    description: 'the language could not be told',
    drops: ({ language }) => language === 'unknown',
  },
  'model-excluded': {
    description: 'the model is on the recipe’s list (parameter models)',
    drops: ({ model }, { models }) => Array.isArray(models) && models.includes(model),
  },
}

/** Rules on the whole set, by name, with what they do. */
export const setRules: Readonly<Record<string, string>> = {
  duplicates: 'more than N of one group of the label duplicates; the best are kept (parameters by, keep, prefer)',
  templated: 'the same prompts, letter case and spacing aside, came more than N times; the earliest N are kept (parameter keep)',
}

/** Names of all rules. */
export const ruleNames: readonly string[] = [...Object.keys(rowRules), ...Object.keys(setRules)].sort()
