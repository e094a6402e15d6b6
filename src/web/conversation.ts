/** One message as the reader shows it. */
export interface Message {
  role: string
  content: string
  moderation: Moderation | null
  language: string | null
  tokens: number | null
  /** What was replaced in it: the tag that stands in the text, and its kind, where the release says so. */
  redactions: { kind: string; replacement: string }[]
}

/** What moderation said of a message. `categories` are those that were flagged, `scores` all that were given, highest first. */
export interface Moderation {
  isFlagged: boolean
  categories: string[]
  scores: [string, number][]
}

/** A conversation read from a row of any dataset, with the facts that are not messages. */
export interface Conversation {
  column: string
  messages: Message[]
  facts: [string, string][]
}

type Json = Readonly<Record<string, unknown>>

/**
 * Finds the conversation of a row: LMSYS's `conversation` with `openai_moderation` beside it, OpenAI's `messages`, ShareGPT's `conversations` with
 * `from` and `value`. Undefined where no column is a list of messages. Wrong shapes inside are shown as what they are, never dropped.
 */
export function readConversation(row: Json): Conversation | undefined {
  const column = ['conversation', 'messages', 'conversations', ...Object.keys(row)].find((name) => isMessages(row[name]))
  const list = column === undefined ? undefined : row[column]
  if (column === undefined || !Array.isArray(list)) return undefined
  const beside = (name: string, index: number): unknown => {
    const value = row[name]
    return Array.isArray(value) ? value[index] : undefined
  }
  const messages = list.map((item: unknown, index): Message => {
    const one = asRecord(item)
    return {
      role: speaker(one.role ?? one.from),
      content: asText(one.content ?? one.value),
      moderation: readModeration(beside('openai_moderation', index) ?? beside('moderation', index)),
      language: languageOf([one.language, beside('message_languages', index), beside('message_language', index)]),
      tokens: numberOrNull(one.tokens ?? beside('message_tokens', index) ?? beside('tokens', index) ?? beside('tokens_o200k', index)),
      redactions: redactionsOf(row.redactions, index),
    }
  })
  const facts = Object.entries(row).flatMap(([name, value]) => factsOf(name, value))
  return { column, messages, facts }
}

/** The first words of what a person asked first, on one line, for the table. */
export function previewOf(value: unknown, length = 400): string {
  if (isMessages(value)) {
    const first = value.map(asRecord).find((one) => speaker(one.role ?? one.from) === 'user') ?? asRecord(value[0])
    return oneLine(asText(first.content ?? first.value), length)
  }
  if (value === null || value === undefined) return ''
  return oneLine(asText(value), length)
}

/** Whether anything in a row's moderation is flagged. */
export function isFlagged(row: Json): boolean {
  return (readConversation(row)?.messages ?? []).some(({ moderation }) => moderation?.isFlagged === true)
}

/** Whether a value is a list of messages. */
export function isMessages(value: unknown): value is unknown[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => {
      const one = asRecord(item)
      return ('role' in one && 'content' in one) || ('from' in one && 'value' in one)
    })
  )
}

/** A plain value under its name; those of a struct under both names, `outcome.vote`. Lists are not facts: they are the conversation, or beside it. */
function factsOf(name: string, value: unknown): [string, string][] {
  if (['string', 'number', 'boolean'].includes(typeof value)) return [[name, String(value)]]
  return Object.entries(asRecord(value)).flatMap(([key, inner]) => factsOf(`${name}.${key}`, inner))
}

/** A language by its name, whether it stands alone or in a struct. */
function languageOf(values: readonly unknown[]): string | null {
  for (const value of values) {
    const found = typeof value === 'string' ? value : asRecord(value).name
    if (typeof found === 'string' && found !== '') return found
  }
  return null
}

function redactionsOf(list: unknown, message: number): Message['redactions'] {
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown) => {
    const one = asRecord(item)
    if (one.message !== message || typeof one.kind !== 'string' || typeof one.replacement !== 'string') return []
    return [{ kind: one.kind, replacement: one.replacement }]
  })
}

function readModeration(value: unknown): Moderation | null {
  const one = asRecord(value)
  const categories = asRecord(one.categories)
  const scores = Object.entries(asRecord(one.category_scores)).flatMap(([name, score]): [string, number][] =>
    typeof score === 'number' ? [[name, score]] : [],
  )
  if (typeof one.flagged !== 'boolean') return null
  return {
    isFlagged: one.flagged,
    categories: Object.keys(categories).filter((name) => categories[name] === true),
    scores: scores.sort((a, b) => b[1] - a[1]),
  }
}

const speakers: Readonly<Record<string, string>> = { human: 'user', gpt: 'assistant', bot: 'assistant', model: 'assistant' }
const speaker = (role: unknown) =>
  typeof role === 'string' ? (Object.hasOwn(speakers, role) ? (speakers[role] ?? role) : role) : 'unknown'
const oneLine = (text: string, length: number) =>
  text
    .slice(0, length * 2)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, length)
const asText = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value))
const numberOrNull = (value: unknown) => (typeof value === 'number' ? value : null)

function asRecord(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {}
}
