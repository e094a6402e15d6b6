/** The eleven categories of OpenAI's moderation output, in LMSYS-Chat-1M's order of fields. @see https://platform.openai.com/docs/guides/moderation */
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
