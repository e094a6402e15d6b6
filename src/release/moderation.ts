import { type ModerationCategory, moderationCategories } from '../storage/moderation.ts'
import type { Column } from '../storage/parquet.ts'

export { type ModerationCategory, moderationCategories }

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
