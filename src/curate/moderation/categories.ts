import { moderationCategories } from '../../storage/moderation.ts'

/** The eleven categories of OpenAI's moderation output, in LMSYS-Chat-1M's order of fields. @see https://platform.openai.com/docs/guides/moderation */
export const categories = moderationCategories

/** One of the eleven. */
export type Category = (typeof categories)[number]

/** A value for each of the eleven. */
export type PerCategory<T> = Record<Category, T>

/** What a source thinks of one message. */
export interface MessageModeration {
  flagged: boolean
  categories: PerCategory<boolean>
  /** 0–1; calibrated to be the share of such messages that people would call so, where the source is our classifier. */
  category_scores: PerCategory<number>
  /** The source was asked and gave no usable answer: the scores are all 0 and mean nothing. Code of why. */
  failed?: string
  /** The text is mostly outside what the source was measured on (other languages, no words): take the scores as a guess. */
  confidence?: 'low'
  /** Scores of categories beyond the eleven, as a newer model gives them. */
  extra?: Record<string, number>
}

/** The label of one conversation: one entry a message, in order. */
export interface ModerationLabel {
  messages: MessageModeration[]
}

/** Builds a value for each of the eleven. */
export function perCategory<T>(value: (category: Category, index: number) => T): PerCategory<T> {
  return Object.fromEntries(categories.map((category, index) => [category, value(category, index)])) as PerCategory<T>
}

/** Scores and thresholds as a message's moderation; a category is on at or above its threshold. */
export function moderationFrom(scores: PerCategory<number>, thresholds: PerCategory<number>): MessageModeration {
  const on = perCategory((category) => scores[category] >= thresholds[category])
  return { flagged: categories.some((category) => on[category]), categories: on, category_scores: scores }
}

/** A message that a source could not judge: marked, never clean by silence. */
export function failedModeration(code: string): MessageModeration {
  return { flagged: false, categories: perCategory(() => false), category_scores: perCategory(() => 0), failed: code }
}
