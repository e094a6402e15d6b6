import { z } from 'zod'
import { escapeMarkdown } from './escape.ts'
import type { ReleaseFacts } from './facts.ts'
import { moderationCategories } from './moderation.ts'

/** What the moderation labeller says of itself; a remote source has a model (and a guard its template), ours a version and thresholds. */
const judgeSchema = z.object({
  source: z.string(),
  version: z.string().optional(),
  model: z.string().optional(),
  template: z.string().optional(),
  thresholds: z.record(z.string(), z.number()).optional(),
})

/** Who judged the messages, in Markdown: source, version or model, thresholds; empty where the work folder does not say. */
export function judgedBy({ work }: ReleaseFacts): string {
  const parsed = judgeSchema.safeParse(work.curate.labels.moderation?.settings)
  if (!parsed.success) return ''
  const { source, version, model, template, thresholds } = parsed.data
  const names: readonly (readonly [string, string | undefined])[] = [
    ['version', version],
    ['model', model],
    // A template of the operator's own is a file; its folder is nobody's business.
    ['template', template?.split(/[\\/]/).at(-1)],
  ]
  const parts = names.flatMap(([name, value]) => (value === undefined ? [] : [`, ${name} ${escapeMarkdown(value)}`])).join('')
  const given = moderationCategories.flatMap((category) => {
    const threshold = thresholds?.[category]
    return threshold === undefined ? [] : [`${category} ${threshold}`]
  })
  const flags = given.length > 0 ? `a category is on from these scores up: ${given.join(', ')}` : 'flags are as the source gave them'
  return `Judged by the source "${escapeMarkdown(source)}"${parts}; ${flags}. Its measured quality is in the table of labellers above.`
}
