import { identityWords } from '../../storage/identity-words.ts'

/** Makers and models that only the arena looks for: what the cleaning rule drops from a release stays what it was. */
const laterWords: readonly string[] = ['gpt-5', 'gemma', 'meta ai', 'grok', 'xai', 'phi-3', 'phi-4', 'nemotron', 'moonshot', 'kimi']

/**
 * Whether an answer may have told which model it is from: a maker's or model's usual name, the whole name of one of these models, or a part of it where
 * the answer speaks of itself. Parts alone are often plain words: "large", "command", "guide".
 */
export function namesModel(answer: string, models: readonly string[]): boolean {
  const text = answer.toLowerCase()
  if ([...identityWords, ...laterWords].some((word) => holdsWord(text, word))) return true
  const spaced = toWords(text).replaceAll('large language model', 'model')
  return models.map(toWords).some((name) => holdsWord(spaced, name) || introductions(spaced).some((said) => holdsPart(said, name)))
}

/** Words parted by single spaces: "command-r" and "Command R" are one. */
const toWords = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, ' ')
    .trim()

/** The few words after each place where a text says what it is or is called. */
function introductions(spaced: string): string[] {
  return [...spaced.matchAll(/\b(?:i am|i m|my name is|called|named) ((?:\S+ ?){1,5})/g)].map(([, said = '']) => said)
}

const holdsPart = (said: string, name: string): boolean => name.split(' ').some((part) => part.length > 3 && holdsWord(said, part))

function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isLetter(text, at - 1) && !isLetter(text, at + word.length)) return true
  }
  return false
}

const isLetter = (text: string, at: number): boolean => /\p{L}/u.test(text.charAt(at))
