import { readFileSync } from 'node:fs'
import { mulberry } from '../../src/mulberry.ts'
import { type Example, example } from './example.ts'
import type { Words } from './lexicon.ts'

/** Writes examples by grammar: templates with words filled in, one to four of a kind together, some disguised, some inside ordinary text. */
export function generate(parts: { templates: URL; words: Words; filler: readonly string[]; perTemplate: number; seed: number }): Example[] {
  const { words, filler, perTemplate, seed } = parts
  const next = mulberry(seed)
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(next() * items.length)]
  const lists = new Map<string, readonly string[]>()
  const byLabels = new Map<string, string[]>()
  for (const line of readFileSync(parts.templates, 'utf8').split('\n')) {
    const list = /^\[list (\w+)\] (.*)$/.exec(line)
    const template = /^([A-Z*?\- ]+): (.*)$/.exec(line)
    if (list) lists.set(list[1] ?? '', (list[2] ?? '').split('|'))
    else if (template) byLabels.set(template[1] ?? '', [...(byLabels.get(template[1] ?? '') ?? []), template[2] ?? ''])
    else if (line !== '' && !line.startsWith('#')) throw new Error(`templates: '${line}' is neither a list nor a template.`)
  }
  const choose = (template: string): string => {
    const chosen = template.replace(/\(([^()]*\|[^()]*)\)/g, (_, list: string) => pick(list.split('|')) ?? '')
    return chosen === template ? template : choose(chosen)
  }
  const fill = (template: string, depth = 0): string =>
    choose(template).replace(/\{(\w+)\}/g, (_, name: string) => {
      const word = pick(lists.get(name) ?? words.concepts.get(name) ?? [])
      if (word === undefined || depth > 4) throw new Error(`templates: {${name}} is neither a list nor a concept.`)
      return fill(word, depth + 1)
    })
  const ordinary = () => {
    const text = pick(filler) ?? ''
    const from = Math.floor(next() * Math.max(1, text.length - 300))
    return text.slice(from, from + 40 + Math.floor(next() * 260))
  }
  const examples: Example[] = []
  for (const [labels, templates] of byLabels) {
    for (const template of templates) {
      // A sentence without choices would only be learned by heart.
      const times = /[{(]/.test(template) ? perTemplate : Math.ceil(perTemplate / 4)
      for (let count = 0; count < times; count += 1) {
        const sentences = [fill(template)]
        while (next() < 0.3 && sentences.length < 6) sentences.push(fill(pick(templates) ?? template))
        let text = sentences.map((sentence) => dress(sentence, next)).join(' ')
        if (labels !== '-' && next() < 0.12) text = disguise(text, next)
        if (next() < 0.2) text = `${ordinary()} ${text}`
        if (next() < 0.15) text = `${text} ${ordinary()}`
        examples.push(example(`grammar${labels === '-' ? '-clean' : ''}`, text, labels, 0.6))
      }
    }
  }
  return examples
}

function dress(sentence: string, next: () => number): string {
  const cased = next() < 0.6 ? sentence.charAt(0).toUpperCase() + sentence.slice(1).replace(/\bi\b/g, 'I') : sentence
  return /[.?!]$/.test(cased) || next() < 0.3 ? cased : `${cased}${next() < 0.15 ? '!' : '.'}`
}

/** l33t, spaced letters, look-alikes, a swapped or lost letter, in some words. */
function disguise(text: string, next: () => number): string {
  const kind = next()
  const swap: Record<string, string> = kind < 0.3 ? { a: '4', e: '3', i: '1', o: '0', s: '5' } : { a: 'а', e: 'е', o: 'о', c: 'с', p: 'р' }
  return text
    .split(' ')
    .map((word) => {
      if (word.length < 4 || next() < 0.4) return word
      if (kind < 0.6) return word.replace(/[aeioscp]/g, (letter) => swap[letter] ?? letter)
      if (kind < 0.8) return word.split('').join(next() < 0.5 ? ' ' : '.')
      const at = 1 + Math.floor(next() * (word.length - 2))
      return next() < 0.5
        ? word.slice(0, at) + word.slice(at + 1)
        : word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2)
    })
    .join(' ')
}
