import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { speak } from './demo-echo.ts'
import type { Speaker } from './model.ts'

/** A model that looks up the person's words in Markdown pages and gives the passages that fit best (Okapi BM25). The index is made at the first question. */
export function openRetrieval(folder: string): Speaker {
  let index: Passages | undefined
  return {
    stream({ messages, parameters }) {
      index ??= readPassages(folder)
      return speak(answerFrom(index, messages.at(-1)?.content ?? ''), parameters.maxTokens)
    },
  }
}

interface Passage {
  page: string
  heading: string
  text: string
  counts: Map<string, number>
  words: number
}

interface Passages {
  all: Passage[]
  /** In how many passages a word stands. */
  spread: Map<string, number>
  meanWords: number
}

/** Usual constants of BM25. @see Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework" */
const k1 = 1.2
const b = 0.75
const shown = 2

/** The best passages for a question, each with its page; words for where nothing fits. */
function answerFrom(index: Passages, question: string): string {
  const words = [...new Set(wordsOf(question))]
  const scored = index.all
    .map((passage) => ({ passage, score: scoreOf(index, passage, words) }))
    .filter(({ score }) => score > 0)
    .sort((x, y) => y.score - x.score)
    .slice(0, shown)
  if (scored.length === 0)
    return 'Nothing in Colloquy’s documentation fits these words. Ask about consent, redaction, releases, the hub, recipes, commands, …'
  const passages = scored.map(({ passage }) => `**${passage.heading}** (docs/${passage.page})\n\n${passage.text}`)
  return `From Colloquy’s documentation:\n\n${passages.join('\n\n')}`
}

function scoreOf({ all, spread, meanWords }: Passages, passage: Passage, words: readonly string[]): number {
  return words.reduce((sum, word) => {
    const count = passage.counts.get(word) ?? 0
    if (count === 0) return sum
    const inPassages = spread.get(word) ?? 0
    const rarity = Math.log(1 + (all.length - inPassages + 0.5) / (inPassages + 0.5))
    return sum + (rarity * count * (k1 + 1)) / (count + k1 * (1 - b + (b * passage.words) / meanWords))
  }, 0)
}

function readPassages(folder: string): Passages {
  const pages = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.md'))
        .sort()
    : []
  const all = pages.flatMap((page) => cut(page, readFileSync(join(folder, page), 'utf8')))
  const spread = new Map<string, number>()
  for (const { counts } of all) for (const word of counts.keys()) spread.set(word, (spread.get(word) ?? 0) + 1)
  return { all, spread, meanWords: all.reduce((sum, { words }) => sum + words, 0) / Math.max(1, all.length) }
}

/** A page's paragraphs and list items, each under its heading; tables and code stay out. */
function cut(page: string, text: string): Passage[] {
  let heading = page
  return text
    .replace(/^```[\s\S]*?^```/gm, '')
    .split(/\n\s*\n|\n(?=[-#] ?)/)
    .flatMap((block): Passage[] => {
      const title = /^#+ (.*)/.exec(block.trim())?.[1]
      if (title !== undefined) heading = title
      const plain = block.trim().replace(/\]\((?!https?:)[^)]*\)/g, ']')
      if (title !== undefined || plain === '' || plain.startsWith('|') || plain.length < 40) return []
      const counts = new Map<string, number>()
      const words = wordsOf(`${heading} ${plain}`)
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
      return [{ page, heading, text: plain.slice(0, 1200), counts, words: words.length }]
    })
}

/** Lower-case words of three letters or more, plural s and common endings cut so that "releases" finds "release". */
function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []
  return words.filter((word) => !common.has(word)).map((word) => word.replace(/(?:ing|ed|es|s)$/, ''))
}

const common = new Set(
  'the and for are was with that this from what how does can you your which who where when why not has have its into they them then than there about will would tell please'.split(
    ' ',
  ),
)
