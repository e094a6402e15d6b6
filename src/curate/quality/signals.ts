import { errorTexts, networkError } from '../format/patterns.ts'
import { refusals } from './refusals.ts'

/** Cheap facts about the form of a conversation. Shares are 0–1, lengths UTF-16 units; `answers` counts the model's messages. */
export interface Signals {
  promptLength: number
  answerLength: number
  answers: number
  /** Answers that decline the request. */
  refusals: number
  /** The largest share, of any answer, of its words that stand in runs of eight said before in the same answer. */
  repetition: number
  /** The last answer stops inside a sentence or a block of code. */
  truncated: boolean
  /** Messages that hold a server's error text. */
  errors: number
  /** Messages without a letter, digit or symbol. */
  empty: number
  /** Share of all text that stands in blocks of code or in lines that look like code. */
  codeShare: number
}

/** Reads the signals of a conversation. */
export function readSignals(messages: readonly { role: string; content: string }[]): Signals {
  let [promptLength, answerLength, answers, refused, errors, empty, code, total] = [0, 0, 0, 0, 0, 0, 0, 0]
  let repetition = 0
  let last = ''
  for (const { role, content } of messages) {
    total += content.length
    code += measureCode(content)
    if (!/[\p{L}\p{N}\p{S}]/u.test(content)) empty++
    const lower = content.toLowerCase()
    if (lower.includes(networkError) || errorTexts.some((text) => lower.includes(text))) errors++
    if (role === 'user') promptLength += content.length
    if (role !== 'assistant') continue
    answers++
    answerLength += content.length
    last = content
    if (isRefusal(content)) refused++
    repetition = Math.max(repetition, measureRepetition(content))
  }
  const codeShare = total === 0 ? 0 : Math.min(1, code / total)
  return { promptLength, answerLength, answers, refusals: refused, repetition, truncated: isTruncated(last), errors, empty, codeShare }
}

/** Whether an answer declines: it says so in its first 300 characters, where refusals stand. */
export function isRefusal(answer: string): boolean {
  const opening = answer.slice(0, 300).toLowerCase().replaceAll('’', "'")
  return refusals.some((phrase) => opening.includes(phrase))
}

const runWords = 8

/** Share (0–1) of words that stand in runs of eight words (or characters of scripts without spaces) said before; 0 for texts under 32 words. */
export function measureRepetition(text: string): number {
  const words = text.toLowerCase().match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}]+/gu) ?? []
  if (words.length < 4 * runWords) return 0
  // Words as numbers, runs as one hash of 53 bits each: a set of joined strings took ten times as long.
  const ids = new Map<string, number>()
  const numbers = words.map((word) => {
    const id = ids.get(word) ?? ids.size + 1
    ids.set(word, id)
    return id
  })
  const seen = new Set<number>()
  let covered = 0
  let until = 0
  for (let start = 0; start + runWords <= numbers.length; start++) {
    let high = 0
    let low = 0
    for (let index = start; index < start + runWords; index++) {
      const id = numbers[index] ?? 0
      high = Math.imul(high ^ id, 0x01000193) ^ (high >>> 15)
      low = Math.imul(low + id, 0x85ebca77) ^ (low >>> 13)
    }
    const run = (high >>> 11) * 2 ** 32 + (low >>> 0)
    if (!seen.has(run)) {
      seen.add(run)
      continue
    }
    const end = start + runWords
    covered += end - Math.max(start, until)
    until = end
  }
  return covered / words.length
}

/** Whether an answer of some length breaks off: an open block of code, or a last line of prose that ends in a letter, comma or opening bracket. */
export function isTruncated(answer: string): boolean {
  const text = answer.trimEnd()
  if (text.length < 200) return false
  if ((text.match(/^\s*```/gm)?.length ?? 0) % 2 === 1) return true
  const line = text.slice(text.lastIndexOf('\n') + 1).trim()
  // Lists, headings, names under letters and lines of code end without a stop.
  const isProse = line.split(/\s+/).length >= 6 && !/^(?:[-*•#>|]|\d+[.)])/.test(line)
  return isProse && /(?:[\p{Ll},;(]|\b(?:the|and|of|to|a))$/u.test(line)
}

function measureCode(text: string): number {
  let length = 0
  let inBlock = false
  for (const line of text.split('\n')) {
    if (/^\s*```/.test(line)) {
      inBlock = !inBlock
      length += line.length + 1
    } else if (inBlock || looksLikeCode(line)) length += line.length + 1
  }
  return length
}

function looksLikeCode(line: string): boolean {
  return (
    /^\s*(?:def |class |import |from \w+ import |return\b|if \(|for \(|while \(|function\b|const |let |var |public |private |#include|SELECT |INSERT |<\/?[a-z]+[ >/])/.test(
      line,
    ) || /[;{}]\s*$/.test(line)
  )
}
