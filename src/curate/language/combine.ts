import type { Role } from '../../conversation.ts'
import type { Detection } from './detect.ts'
import { unknownLanguage } from './languages.ts'

/** The language of one message or conversation, as labels hold it. `confidence` is the probability that the name is right, 0–1. */
export interface LanguageFact {
  name: string
  code: string
  confidence: number
}

/** What one message says about its conversation. */
export interface MessageVote {
  role: Role
  detection: Detection
}

// Answers are about three times as long as questions (LMSYS-Chat-1M: 70 and 215 tokens), and it is the person who chooses the language.
const roleWeight: Readonly<Record<Role, number>> = { user: 3, assistant: 1, system: 0.5 }
const longestVote = 4000

/**
 * The language of a conversation: every message votes for its own with the root of its letters (a pasted document does not outvote the talk around it),
 * times its confidence, times 3 for what the person wrote, 1 for answers and .5 for system prompts. `unknown` only when no message has a language. The
 * confidence is the winners' own, weighted, times the root of their share in all votes.
 */
export function combineVotes(votes: readonly MessageVote[]): LanguageFact {
  const sums = new Map<string, { fact: Detection; weight: number; confidence: number }>()
  let total = 0
  for (const { role, detection } of votes) {
    if (detection.code === unknownLanguage.code) continue
    const weight = Math.sqrt(Math.min(longestVote, detection.letters)) * roleWeight[role]
    const sum = sums.get(detection.code) ?? { fact: detection, weight: 0, confidence: 0 }
    sum.weight += weight
    sum.confidence += weight * detection.confidence
    total += weight * detection.confidence
    sums.set(detection.code, sum)
  }
  if (sums.size === 0) {
    const confidence = votes.reduce((least, { detection }) => Math.min(least, detection.confidence), 1)
    return { ...unknownLanguage, confidence }
  }
  const best = [...sums.values()].reduce((a, b) => (b.confidence > a.confidence ? b : a))
  const confidence = (best.confidence / best.weight) * Math.sqrt(best.confidence / total)
  return { name: best.fact.name, code: best.fact.code, confidence: Math.round(confidence * 1e4) / 1e4 }
}

/** Odds that an uncertain message is in its conversation's language rather than in any other: people seldom change it (1 message in 20, roughly). */
const stayOdds = 20

/**
 * The language of each message in the light of its conversation: a greeting or a name that could be several languages takes the conversation's, if that is
 * among the likely ones; what is certain of itself stays, so translations keep theirs.
 */
export function settleMessages(votes: readonly MessageVote[], whole: LanguageFact): LanguageFact[] {
  return votes.map(({ detection: { name, code, confidence, others } }) => {
    const same = votes.length > 1 && code !== whole.code ? others?.find((other) => other.code === whole.code) : undefined
    if (!same || same.confidence * stayOdds < confidence) return { name, code, confidence }
    const likely = (same.confidence * stayOdds) / (same.confidence * stayOdds + 1 - same.confidence)
    return { name: same.name, code: same.code, confidence: Math.round(likely * 1e4) / 1e4 }
  })
}
