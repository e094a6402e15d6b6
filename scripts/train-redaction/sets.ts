import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mulberry } from '../../src/mulberry.ts'
import { type Example, generate } from './text.ts'

/** A sentence of a public set: its words, and where persons begin and go on. */
export interface Sentence {
  words: string[]
  tags: ('B' | 'I' | 'O')[]
}

/** Public sentences to train on, some of them several times, and examples to measure on, by set. */
export interface Sets {
  train: Sentence[]
  held: Record<string, Example[]>
}

const isHeldOut = (index: number) => Math.floor(index / 20) % 5 === 0

/** Reads the sets of a folder; `isSelecting` keeps a fifth of the social text out, by which settings are chosen. */
export function readSets(folder: string, isSelecting: boolean): Sets {
  const read = (name: string) => readConll(join(folder, `${name}.conll`))
  const wikigold = read('wikigold')
  const messages = read('wnut17-train')
  const tweets = ['b', 'f', 'g', 'h'].flatMap((part) => read(`btc-${part}`))
  const isChosenFrom = (_: Sentence, index: number) => isSelecting && isHeldOut(index)
  const isTrainedOn = (_: Sentence, index: number) => !isSelecting || !isHeldOut(index)
  const asExamples = (sentences: Sentence[]) => sentences.map((one) => toExample(one, false))
  const [messagesTrain, wikigoldTrain] = [messages.filter(isTrainedOn), wikigold.filter((_, index) => !isHeldOut(index))]
  return {
    train: [...messagesTrain, ...messagesTrain, ...messagesTrain, ...tweets.filter(isTrainedOn), ...wikigoldTrain, ...wikigoldTrain],
    held: {
      'btc-a': asExamples(read('btc-a')),
      'btc-e': asExamples(read('btc-e')),
      'wnut17-dev': asExamples(read('wnut17-dev')),
      'wikigold-held': asExamples(wikigold.filter((_, index) => isHeldOut(index))),
      generated: generate(1500, mulberry(99)),
      ...(isSelecting && { selection: asExamples([...messages.filter(isChosenFrom), ...tweets.filter(isChosenFrom)]) }),
    },
  }
}

function readConll(file: string): Sentence[] {
  const sentences: Sentence[] = []
  let sentence: Sentence = { words: [], tags: [] }
  let previous = 'O'
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    const [word, tag = 'O'] = line.trim().split(/[\t ]+/)
    if (!word) {
      if (sentence.words.length > 0) sentences.push(sentence)
      sentence = { words: [], tags: [] }
      previous = 'O'
      continue
    }
    const isPerson = /-per/i.test(tag)
    sentence.words.push(word)
    sentence.tags.push(!isPerson ? 'O' : tag.startsWith('B') || previous === 'O' ? 'B' : 'I')
    previous = isPerson ? 'P' : 'O'
  }
  if (sentence.words.length > 0) sentences.push(sentence)
  return sentences
}

/** Words joined by spaces, or as people write: no space before marks and endings. Accounts (`@name`) are no persons' names. */
export function toExample({ words, tags }: Sentence, isWritten: boolean): Example {
  let text = ''
  const spans: [number, number][] = []
  for (const [index, word] of words.entries()) {
    const isGlued = isWritten && /^(?:[.,!?:;)\]%]|'s|’s|n't|'m|'re|'ve|'ll|'d)$/i.test(word)
    const afterOpen = isWritten && /^[([@#$]$/.test(words[index - 1] ?? '')
    if (index > 0 && !isGlued && !afterOpen) text += ' '
    const start = text.length
    text += word
    const isAccount = word.startsWith('@') || words[index - 1] === '@'
    if (tags[index] === 'B' && !isAccount) spans.push([start, text.length])
    else if (tags[index] === 'I' && spans.length > 0 && !isAccount) (spans.at(-1) ?? [0, 0])[1] = text.length
  }
  return { text, spans }
}
