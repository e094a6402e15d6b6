import type { Language, SynthData } from './data.ts'
import { addMention, addText, type Draft, emptyDraft } from './draft.ts'
import { type Cast, createCast } from './entities.ts'
import { type Writer, writeParts, writeRule } from './grammar.ts'
import { createWeightedPick, type Random } from './random.ts'

/** What a conversation is to be about. */
export type Wish =
  | { kind: 'free'; minTokens?: number }
  | { kind: 'unsafe' }
  | { kind: 'greeting'; index: number }
  | { kind: 'template'; index: number }

/** A message marked unsafe: 0-based turn, who says it, and one of OpenAI's eleven categories. */
export interface UnsafeMark {
  turn: number
  role: 'user' | 'assistant'
  category: string
}

/** The user's side of a conversation, and what its answers must know. */
export interface Prompts {
  language: { name: string; code: string }
  /** True when a message holds a passage of another language. */
  mixed: boolean
  domain: string
  drafts: Draft[]
  unsafe: UnsafeMark[]
  source: Language
  cast: Cast
  variables: Map<string, string>
}

/** Writes prompts and answers. */
export interface Composer {
  prompts(random: Random, wish: Wish): Prompts
  /** One answer to each prompt; `marks` are the unsafe ones among them. */
  answers(random: Random, prompts: Prompts): { drafts: Draft[]; marks: UnsafeMark[] }
  templates: number
  greetings: number
}

const domains = [
  ['code', 19],
  ['fact', 17],
  ['write', 12],
  ['list', 9],
  ['text', 8],
  ['people', 11],
  ['advice', 7],
  ['maths', 6],
  ['role', 5],
  ['letter', 3],
  ['translate', 2],
  ['ops', 2],
] as const

/** Shares of flagged categories; sexual, harassment, violence, hate and self-harm as in the LMSYS-Chat-1M paper's table 2, split within. */
const categories = [
  ['sexual', 33_000],
  ['sexual/minors', 968],
  ['harassment', 19_500],
  ['harassment/threatening', 1667],
  ['violence', 8600],
  ['violence/graphic', 899],
  ['hate', 3200],
  ['hate/threatening', 391],
  ['self-harm', 400],
  ['self-harm/intent', 300],
  ['self-harm/instructions', 163],
] as const

const UNKNOWN_SHARE = 0.015
/** Llama-2 tokens: LMSYS-Chat-1M's means are 69.5 a prompt and 214.5 an answer; the medians and spreads make long tails like its. */
const CONTEXT = { median: 219, spread: 0.9, most: 2500 }
const ANSWER = { median: 133.5, spread: 0.85, most: 1800 }
const ENGLISH_UNITS = 4.15
const CODE_UNITS = 3.1

/** Prepares writing from the packed data. */
export function createComposer(data: SynthData): Composer {
  const { grammar } = data
  const english = data.languages.find(({ code }) => code === 'en')
  if (!english) throw new RangeError('The packed data has no English.')
  const pickLanguage = createWeightedPick(data.languages, ({ weight }) => weight)
  const pickDomain = createWeightedPick(domains, ([, weight]) => weight)
  const pickCategory = createWeightedPick(categories, ([, weight]) => weight)
  const others = data.languages.filter(({ code }) => code !== 'en')

  const write = (
    random: Random,
    { source, cast, variables }: Pick<Prompts, 'source' | 'cast' | 'variables'>,
    rule: string,
    draft: Draft,
  ) => {
    const writer: Writer = {
      random,
      variables,
      wordsOf: (name) => {
        if (name === 'clause') return source.clauses
        if (name === 'place') return source.cities.length > 0 ? source.cities : (data.words.city ?? [])
        return data.words[name] ?? []
      },
      text: (text) => addText(draft, text),
      entity: (kind, entity, form) => {
        const { value, id } = cast.valueOf(random, kind, entity, form)
        addMention(draft, { value, kind, entity: id })
      },
    }
    writeRule(grammar, rule, writer)
    return draft
  }
  const ruleOf = (source: Language, part: string) => (grammar.has(`${source.code}.${part}`) ? `${source.code}.${part}` : `any.${part}`)
  /** Adds sentences until the draft has about so many tokens. */
  const fill = (random: Random, scene: Prompts, draft: Draft, tokens: number) => {
    const rule = scene.source.code === 'en' ? 's' : 'clause'
    const units = tokens * (scene.source.code === 'en' ? ENGLISH_UNITS : scene.source.unitsPerToken)
    while (draft.text.length < units) {
      write(random, scene, rule, draft)
      addText(draft, random.chance(0.15) ? '\n' : ' ')
    }
    draft.text = draft.text.trimEnd()
  }

  const firstPrompt = (random: Random, scene: Prompts, wish: Wish): Draft => {
    const { source, domain } = scene
    const draft = emptyDraft()
    if (domain === 'unknown') return write(random, scene, 'unknown', draft)
    if (source.code !== 'en') {
      const people = source.given.length > 0 && random.chance(0.18)
      write(random, scene, ruleOf(source, people ? 'people' : 'prompt'), draft)
      if (random.chance(0.12)) fill(random, scene, draft, lengthOf(random, CONTEXT))
      return draft
    }
    const isText = domain === 'text'
    if (!isText && random.chance(0.1)) {
      fill(random, scene, draft, lengthOf(random, CONTEXT))
      addText(draft, '\n\n')
    }
    write(random, scene, `${domain}.prompt`, draft)
    if (isText) fill(random, scene, draft, lengthOf(random, CONTEXT))
    if (domain === 'translate') addText(draft, random.pick(random.pick(others).clauses))
    if (wish.kind === 'free' && wish.minTokens) fill(random, scene, draft, wish.minTokens)
    return draft
  }
  const laterPrompt = (random: Random, scene: Prompts): Draft => {
    const draft = emptyDraft()
    if (scene.domain === 'unknown') return write(random, scene, 'unknown', draft)
    write(random, scene, scene.source.code === 'en' ? 'follow' : ruleOf(scene.source, 'prompt'), draft)
    if (scene.source.code === 'en' && random.chance(0.13)) fill(random, scene, draft, lengthOf(random, CONTEXT))
    return draft
  }

  const answer = (random: Random, scene: Prompts, turn: number): Draft => {
    const { source, domain } = scene
    const draft = emptyDraft()
    const tokens = lengthOf(random, ANSWER)
    if (domain === 'unknown') return write(random, scene, 'unknown', draft)
    if (source.code !== 'en') {
      write(random, scene, ruleOf(source, 'open'), draft)
      addText(draft, random.chance(0.5) ? '\n\n' : ' ')
      fill(random, scene, draft, tokens)
      return draft
    }
    if (domain === 'greeting') return write(random, scene, 'greeting.answer', draft)
    const isCode = domain === 'code'
    if (grammar.has(`${domain}.answer`) && (turn === 0 || random.chance(0.4))) write(random, scene, `${domain}.answer`, draft)
    else write(random, scene, random.chance(0.55) ? 'open' : 's', draft)
    const units = tokens * (isCode ? CODE_UNITS : ENGLISH_UNITS)
    while (draft.text.length < units) {
      addText(draft, '\n\n')
      const rule = isCode ? random.pick(['code.more', 'code.answer', 's2']) : random.pick(['para', 'para', 'para', 's2', 'list'])
      write(random, scene, units - draft.text.length < 220 ? 's' : rule, draft)
    }
    if (random.chance(0.25)) write(random, scene, 'close', addSpace(draft))
    return draft
  }

  const templates = grammar.get('template') ?? []
  const greetings = grammar.get('greeting') ?? []
  return {
    templates: templates.length,
    greetings: greetings.length,
    prompts(random, wish) {
      const isUnknown = wish.kind === 'free' && !wish.minTokens && random.chance(UNKNOWN_SHARE)
      const source = wish.kind === 'free' && !isUnknown ? pickLanguage(random) : english
      const unknown = isUnknown || wish.kind === 'greeting'
      const scene: Prompts = {
        language: unknown ? { name: 'unknown', code: 'und' } : { name: source.name, code: source.code },
        mixed: false,
        domain: wish.kind !== 'free' ? wish.kind : isUnknown ? 'unknown' : source.code === 'en' ? pickDomain(random)[0] : 'foreign',
        drafts: [],
        unsafe: [],
        source,
        cast: createCast(data, source),
        variables: new Map(),
      }
      scene.mixed = scene.domain === 'translate'
      if (wish.kind === 'greeting' || wish.kind === 'template') {
        const draft = emptyDraft()
        writeParts(grammar, (wish.kind === 'template' ? templates : greetings)[wish.index] ?? [], {
          random,
          variables: scene.variables,
          wordsOf: (name) => data.words[name] ?? [],
          text: (text) => addText(draft, text),
          entity: () => {},
        })
        if (wish.kind === 'greeting') scene.language = languageOfGreeting(draft.text)
        scene.drafts.push(draft)
        return scene
      }
      const turns = turnsOf(random)
      for (let turn = 0; turn < turns; turn++) {
        if (wish.kind === 'unsafe' && (turn === 0 || random.chance(0.4))) {
          const [category] = pickCategory(random)
          scene.drafts.push(write(random, scene, `unsafe.${category}`, emptyDraft()))
          scene.unsafe.push({ turn, role: 'user', category })
        } else scene.drafts.push(turn === 0 ? firstPrompt(random, scene, wish) : laterPrompt(random, scene))
      }
      return scene
    },
    answers(random, prompts) {
      const scene = { ...prompts, cast: prompts.cast.branch() }
      const marks: UnsafeMark[] = []
      const drafts = scene.drafts.map((_, turn) => {
        const mark = scene.unsafe.find((item) => item.turn === turn)
        if (!mark) return answer(random, scene, turn)
        if (mark.category === 'sexual/minors' || random.chance(0.7)) return write(random, scene, 'unsafe.refusal', emptyDraft())
        marks.push({ turn, role: 'assistant', category: mark.category })
        const draft = write(random, scene, `unsafe.${mark.category}`, emptyDraft())
        return write(random, scene, 's2', addSpace(draft))
      })
      return { drafts, marks }
    },
  }
}

function addSpace(draft: Draft): Draft {
  addText(draft, '\n\n')
  return draft
}

function lengthOf(random: Random, { median, spread, most }: { median: number; spread: number; most: number }): number {
  return Math.min(most, Math.max(4, median * Math.exp(spread * random.normal())))
}

/** Turns: most conversations have one, the mean is 2.0, and a few go on for dozens. */
function turnsOf(random: Random): number {
  const kind = random.next()
  const stop = kind < 0.7 ? 0.65 : kind < 0.95 ? 0.4 : 0.13
  let turns = 1
  while (turns < 60 && !random.chance(stop)) turns++
  return turns
}

function languageOfGreeting(text: string): { name: string; code: string } {
  const known: Record<string, { name: string; code: string }> = {
    hola: { name: 'Spanish', code: 'es' },
    Привет: { name: 'Russian', code: 'ru' },
    你好: { name: 'Chinese', code: 'zh' },
    Bonjour: { name: 'French', code: 'fr' },
    Hallo: { name: 'German', code: 'de' },
    Oi: { name: 'Portuguese', code: 'pt' },
    'what is 2+2': { name: 'English', code: 'en' },
  }
  return known[text] ?? { name: 'English', code: 'en' }
}
