import type { Random } from './random.ts'

/** A part of an alternative: literal text, or something that is chosen when it is written. */
export type Part =
  | string
  | { choice: readonly Part[][] }
  | { rule: string; capital: boolean; name?: string }
  | { low: number; high: number }
  | { kind: string; entity: string; form: string }

/** Alternatives by rule name. */
export type Grammar = ReadonlyMap<string, readonly Part[][]>

/** What writing needs beside the rules: words for lists, and what becomes of text and personal data. */
export interface Writer {
  random: Random
  /** The words of a list that is no rule; empty when there is none. */
  wordsOf(name: string): readonly string[]
  /** Texts of `‹$name:rule›`, kept through a conversation. */
  variables: Map<string, string>
  text(text: string): void
  entity(kind: string, entity: string, form: string): void
}

/**
 * Reads rules in the notation that the head of assets/synth/grammar.txt explains.
 * @throws RangeError naming the rule of a mark that cannot be read: the files are ours, so this is a mistake of ours.
 */
export function parseGrammar(source: string): Grammar {
  const rules = new Map<string, Part[][]>()
  let alternatives: Part[][] = []
  for (const line of source.split('\n')) {
    if (line === '' || line.startsWith('# ')) continue
    if (line.startsWith(':')) {
      alternatives = []
      rules.set(line.slice(1), alternatives)
      continue
    }
    const [, times = '1', text = line] = /^(\d+)\* (.*)$/.exec(line) ?? []
    const parts = parseParts(text.replaceAll('\\n', '\n').replaceAll('\\{', '{').replaceAll('\\}', '}'))
    for (let time = 0; time < Number(times); time++) alternatives.push(parts)
  }
  return rules
}

function parseParts(text: string): Part[] {
  const parts: Part[] = []
  for (const [, mark, choice, literal] of text.matchAll(/‹([^›]*)›|⟦([^⟧]*)⟧|([^‹⟦]+)/gu)) {
    if (literal !== undefined) parts.push(literal)
    else if (choice !== undefined) parts.push({ choice: choice.split('¦').map(parseParts) })
    else if (mark !== undefined) parts.push(parseMark(mark))
  }
  return parts
}

function parseMark(mark: string): Part {
  const numbers = /^#(\d+)-(\d+)$/.exec(mark)
  if (numbers) return { low: Number(numbers[1]), high: Number(numbers[2]) }
  const data = /^@([A-Z]+) ([a-z])(?:\.([a-z]+))?$/.exec(mark)
  if (data) return { kind: data[1] ?? '', entity: data[2] ?? '', form: data[3] ?? '' }
  const rule = /^(?:\$([a-z]+):)?(\^?)([\w./-]+)$/.exec(mark)
  if (!rule) throw new RangeError(`The grammar holds '${mark}', which is no mark that it knows.`)
  return { rule: rule[3] ?? '', capital: rule[2] === '^', ...(rule[1] ? { name: rule[1] } : {}) }
}

/** Writes one alternative of a rule, or a word of a list. */
export function writeRule(grammar: Grammar, rule: string, writer: Writer): void {
  const alternatives = grammar.get(rule)
  if (alternatives) writeParts(grammar, writer.random.pick(alternatives), writer)
  else {
    const words = writer.wordsOf(rule)
    if (words.length === 0) throw new RangeError(`The grammar has neither a rule nor a list '${rule}'.`)
    writer.text(writer.random.pick(words))
  }
}

/** Writes one alternative, as `parseGrammar` reads it. */
export function writeParts(grammar: Grammar, parts: readonly Part[], writer: Writer): void {
  for (const part of parts) {
    if (typeof part === 'string') writer.text(part)
    else if ('choice' in part) writeParts(grammar, writer.random.pick(part.choice), writer)
    else if ('low' in part) writer.text(String(part.low + writer.random.below(part.high - part.low + 1)))
    else if ('kind' in part) writer.entity(part.kind, part.entity, part.form)
    else if (part.name !== undefined) writer.text(expandVariable(grammar, part.name, part.rule, writer))
    else if (part.capital) writer.text(capitalise(expand(grammar, part.rule, writer)))
    else writeRule(grammar, part.rule, writer)
  }
}

function expandVariable(grammar: Grammar, name: string, rule: string, writer: Writer): string {
  const known = writer.variables.get(name)
  if (known !== undefined) return known
  const text = expand(grammar, rule, writer)
  writer.variables.set(name, text)
  return text
}

/** A rule as plain text; personal data inside is not for such rules. */
function expand(grammar: Grammar, rule: string, writer: Writer): string {
  let text = ''
  writeRule(grammar, rule, {
    ...writer,
    text: (part) => {
      text += part
    },
    entity: (kind) => {
      throw new RangeError(`Rule '${rule}' plants ${kind} where only plain text can go.`)
    },
  })
  return text
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
