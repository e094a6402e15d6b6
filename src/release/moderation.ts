import type { Column } from '../storage/parquet.ts'

/** The eleven categories of LMSYS-Chat-1M's `openai_moderation`, in its field order. */
export const moderationCategories = [
  'harassment',
  'harassment/threatening',
  'hate',
  'hate/threatening',
  'self-harm',
  'self-harm/instructions',
  'self-harm/intent',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
] as const

/** Name of one of the eleven. */
export type ModerationCategory = (typeof moderationCategories)[number]

/** Fields of one message's moderation, as LMSYS-Chat-1M has them. */
export const moderationFields: readonly Column[] = [
  { name: 'categories', type: { struct: moderationCategories.map((name) => ({ name, type: 'boolean' as const })) } },
  { name: 'category_scores', type: { struct: moderationCategories.map((name) => ({ name, type: 'double' as const })) } },
  { name: 'flagged', type: 'boolean' },
]

/** One message's moderation: flags and scores by category. */
export interface MessageModeration {
  categories: Record<ModerationCategory, boolean>
  category_scores: Record<ModerationCategory, number>
  flagged: boolean
}
