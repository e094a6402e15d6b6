import type { Message } from '../../conversation.ts'
import type { RedactionLabel } from './redaction.ts'
import type { TruthFile } from './truth.ts'

/** Counts of one kind: what was found rightly, what wrongly, what not. */
export interface Counts {
  gold: number
  found: number
  /** Same kind, same boundaries. */
  exact: number
  /** Found spans that touch a true one of their kind, and true ones that are touched. */
  overlapFound: number
  overlapGold: number
  /** True spans that some replacement touches, whatever its kind: what does not stay in the text whole. */
  covered: number
}

/** Precision, recall, F1 and F2 of one way of matching. */
export interface Score {
  precision: number
  recall: number
  f1: number
  f2: number
}

/** Figures of one file. */
export interface RedactionFigures {
  texts: number
  kinds: Record<string, Counts & { exactScore: Score; overlapScore: Score }>
  /** All kinds together. */
  all: Counts & { exactScore: Score; overlapScore: Score }
  /** Entities named twice and more whose found mentions all have one tag, of all such; and tags that two entities share. Only where the truth says who is who. */
  consistency?: { entities: number; consistent: number; sharedTags: number }
}

interface LabelOne {
  label(conversation: { messages: Message[] }): RedactionLabel
}

/** Labels every text of a file and compares. Precision counts only kinds that the file annotates. */
export async function evaluateRedaction({ kinds, truths }: TruthFile, labeller: LabelOne): Promise<RedactionFigures> {
  const counts = new Map<string, Counts>()
  const of = (kind: string) => {
    const known = counts.get(kind) ?? { gold: 0, found: 0, exact: 0, overlapFound: 0, overlapGold: 0, covered: 0 }
    counts.set(kind, known)
    return known
  }
  const consistency = { entities: 0, consistent: 0, sharedTags: 0 }
  let texts = 0
  let hasEntities = false
  for await (const truth of truths) {
    texts++
    const { spans } = labeller.label({
      messages: truth.messages.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content })),
    })
    const tagsOf = new Map<string, Set<string>>()
    const mentions = new Map<string, number>()
    for (const gold of truth.spans) {
      const count = of(gold.kind)
      count.gold++
      const touching = spans.filter((span) => span.message === gold.message && span.start < gold.end && gold.start < span.end)
      const same = touching.filter((span) => span.kind === gold.kind)
      if (touching.length > 0) count.covered++
      if (same.length > 0) count.overlapGold++
      if (same.some((span) => span.start === gold.start && span.end === gold.end)) count.exact++
      if (gold.entity === undefined) continue
      hasEntities = true
      const entity = `${gold.kind} ${gold.entity}`
      mentions.set(entity, (mentions.get(entity) ?? 0) + 1)
      const tags = tagsOf.get(entity) ?? new Set()
      for (const span of same) tags.add(span.replacement)
      tagsOf.set(entity, tags)
    }
    for (const span of spans) {
      if (!kinds.has(span.kind) && !kinds.has('*')) continue
      const count = of(span.kind)
      count.found++
      if (
        truth.spans.some(
          (gold) => gold.kind === span.kind && gold.message === span.message && span.start < gold.end && gold.start < span.end,
        )
      )
        count.overlapFound++
    }
    const owners = new Map<string, number>()
    for (const [entity, tags] of tagsOf) {
      if ((mentions.get(entity) ?? 0) > 1 && tags.size > 0) {
        consistency.entities++
        if (tags.size === 1) consistency.consistent++
      }
      for (const tag of tags) owners.set(tag, (owners.get(tag) ?? 0) + 1)
    }
    for (const owned of owners.values()) if (owned > 1) consistency.sharedTags++
  }
  const all: Counts = { gold: 0, found: 0, exact: 0, overlapFound: 0, overlapGold: 0, covered: 0 }
  for (const count of counts.values()) {
    for (const key of ['gold', 'found', 'exact', 'overlapFound', 'overlapGold', 'covered'] as const) all[key] += count[key]
  }
  return {
    texts,
    kinds: Object.fromEntries([...counts].sort((a, b) => b[1].gold - a[1].gold).map(([kind, count]) => [kind, withScores(count)])),
    all: withScores(all),
    ...(hasEntities ? { consistency } : {}),
  }
}

function withScores(count: Counts): Counts & { exactScore: Score; overlapScore: Score } {
  return {
    ...count,
    exactScore: score(count.exact / count.found, count.exact / count.gold),
    overlapScore: score(count.overlapFound / count.found, count.overlapGold / count.gold),
  }
}

/** F-beta weighs recall beta times as much as precision; 0 where nothing is right. */
function score(precision: number, recall: number): Score {
  const [p, r] = [Number.isNaN(precision) ? 0 : precision, Number.isNaN(recall) ? 0 : recall]
  const f = (beta: number) => (p + r === 0 ? 0 : ((1 + beta * beta) * p * r) / (beta * beta * p + r))
  return { precision: p, recall: r, f1: f(1), f2: f(2) }
}
