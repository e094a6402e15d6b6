import type { Message } from '../../conversation.ts'
import { speak } from './demo-echo.ts'
import { elizaScript } from './demo-eliza.script.ts'
import type { Speaker } from './model.ts'

/** ELIZA: keywords by rank, decomposition and reassembly, and a memory, as Weizenbaum described them, with a short script of our own. */
export const eliza: Speaker = { stream: ({ messages, parameters }) => speak(answerAsEliza(messages), parameters.maxTokens) }

/**
 * ELIZA's next answer. It depends on the conversation alone: a reassembly rule is taken in turn, by how often its keyword was met before.
 * @see Weizenbaum 1966, "ELIZA", Communications of the ACM 9(1), 36–45
 */
export function answerAsEliza(messages: readonly Message[]): string {
  const said = messages.filter(({ role }) => role === 'user').map(({ content }) => content)
  const met = new Map<string, number>()
  const memory: string[] = []
  let answer = elizaScript.greeting
  for (const text of said) {
    answer = respond(text, met, memory)
  }
  return answer
}

function respond(text: string, met: Map<string, number>, memory: string[]): string {
  const sentences = text
    .toLowerCase()
    .replace(/[’`]/g, "'")
    .split(/[.!?;\n]+|, but\b/)
  for (const sentence of sentences) {
    const words = sentence
      .split(/[^\p{L}\p{N}']+/u)
      .filter((word) => word !== '')
      .map((word) => elizaScript.before.get(word) ?? word)
    const plain = words.join(' ').slice(0, 500)
    const keys = elizaScript.keys.filter(({ word }) => new RegExp(`\\b(?:${word})\\b`, 'u').test(plain)).sort((a, b) => b.rank - a.rank)
    for (const key of keys) {
      const match = new RegExp(key.pattern, 'u').exec(plain)
      if (!match) continue
      if (key.isRemembered && match[1]) memory.push(next('memory', elizaScript.memories, met).replace('%1', reflect(match[1])))
      return next(key.word, key.answers, met).replaceAll(/%(\d)/g, (_, group) => reflect(match[Number(group)] ?? ''))
    }
  }
  return memory.shift() ?? next('none', elizaScript.none, met)
}

function next(key: string, answers: readonly string[], met: Map<string, number>): string {
  const times = met.get(key) ?? 0
  met.set(key, times + 1)
  return answers[times % answers.length] ?? ''
}

/** I becomes you, my becomes your. */
function reflect(text: string): string {
  return text
    .trim()
    .split(' ')
    .map((word) => elizaScript.after.get(word) ?? word)
    .join(' ')
}
