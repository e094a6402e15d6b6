import type { Finding } from './finding.ts'
import { overlapsAny, withoutOverlaps } from './overlap.ts'
import type { ResolvedRedaction } from './settings.ts'

/** Findings of one text, sorted by position: what is redacted, and what nearly was. */
export interface Resolution {
  accepted: Finding[]
  /** Below their kind's threshold, or on the allow list; of those that overlap, the first by the same order. */
  rejected: Finding[]
}

/**
 * Decides between overlapping findings: those above their threshold by rank of kind, then confidence, then length. Replacement tags that stand in
 * the text are walls: nothing that overlaps one is accepted.
 */
export function resolveFindings(text: string, findings: readonly Finding[], settings: ResolvedRedaction): Resolution {
  const accepted: Finding[] = []
  const rejected: Finding[] = []
  if (findings.length === 0) return { accepted, rejected }
  const tags = settings.tags.find(text)
  const rankOf = (finding: Finding) => settings.kinds.get(finding.kind)?.rank ?? 99
  const ordered = findings
    .filter((finding) => settings.kinds.has(finding.kind) && finding.end > finding.start && !overlapsAny(tags, finding))
    .sort((a, b) => rankOf(a) - rankOf(b) || b.confidence - a.confidence || b.end - b.start - (a.end - a.start) || a.start - b.start)
  for (const finding of ordered) {
    if (finding.confidence < (settings.kinds.get(finding.kind)?.threshold ?? 1)) rejected.push(finding)
    else if (settings.allow.size > 0 && settings.allow.has(text.slice(finding.start, finding.end).toLowerCase()))
      rejected.push({ ...finding, rule: 'allow-list' })
    else accepted.push(finding)
  }
  return { accepted: withoutOverlaps(accepted), rejected: withoutOverlaps(rejected) }
}
