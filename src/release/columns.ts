import type { SchemaElement } from 'hyparquet'
import { InputError } from '../errors.ts'
import type { Column, ColumnType } from '../storage/parquet.ts'
import type { Labelled } from './labelled.ts'
import { moderationFields } from './moderation.ts'

/** The first seven columns of every release: LMSYS-Chat-1M's names, order and types. */
export const lmsysColumns: readonly Column[] = [
  { name: 'conversation_id', type: 'string' },
  { name: 'model', type: 'string' },
  {
    name: 'conversation',
    type: {
      list: {
        struct: [
          { name: 'content', type: 'string' },
          { name: 'role', type: 'string' },
        ],
      },
    },
  },
  { name: 'turn', type: 'int64' },
  { name: 'language', type: 'string' },
  { name: 'openai_moderation', type: { list: { struct: moderationFields } } },
  { name: 'redacted', type: 'boolean' },
]

/** A column that a recipe may add after the seven. */
export interface ExtraColumn extends Column {
  /** Label that it is made from; absent: the conversation itself. */
  label?: string
  /** For the card. */
  description: string
  read(labelled: Labelled): unknown
}

/** Every extra column that release makes itself. Labels of other names can be named too and come as one struct of their columns. */
export const extraColumns: readonly ExtraColumn[] = [
  {
    name: 'language_code',
    type: 'string',
    label: 'language',
    description: 'ISO 639 code of `language`; `und` when unknown',
    read: ({ language }) => language?.code,
  },
  {
    name: 'language_confidence',
    type: 'double',
    label: 'language',
    description: 'confidence of `language`, 0 to 1',
    read: ({ language }) => language?.confidence,
  },
  {
    name: 'message_languages',
    type: { list: 'string' },
    label: 'language',
    description: 'language of each message',
    read: ({ language }) => language?.messages.map(({ name }) => name),
  },
  {
    name: 'tokens',
    type: { list: 'int32' },
    label: 'tokens',
    description: 'Llama-2 tokens of each message, counted before redaction',
    read: ({ tokens }) => tokens?.messages,
  },
  {
    name: 'tokens_o200k',
    type: { list: 'int32' },
    label: 'tokens',
    description: 'o200k tokens of each message, counted before redaction',
    read: ({ tokens }) => tokens?.o200k,
  },
  {
    name: 'started_at',
    type: 'timestamp',
    description: 'when the conversation began, UTC',
    read: ({ conversation: { startedAt } }) => (startedAt === undefined ? null : new Date(startedAt)),
  },
  {
    name: 'user',
    type: 'string',
    description: 'keyed hash that is the same for one user throughout; the key is not part of the release',
    read: ({ conversation }) => conversation.user,
  },
  {
    name: 'consent',
    type: {
      struct: [
        { name: 'terms', type: 'string' },
        { name: 'accepted_at', type: 'string' },
      ],
    },
    description: 'version of the terms that the person accepted, and when',
    read: ({ conversation: { consent } }) => (consent ? { terms: consent.terms, accepted_at: consent.acceptedAt } : null),
  },
  {
    // The person's own words for a flag are left out: free text that no redaction has seen.
    name: 'outcome',
    type: {
      struct: [
        { name: 'vote', type: 'string' },
        { name: 'flagged', type: 'boolean' },
        { name: 'shared', type: 'boolean' },
      ],
    },
    description: 'what the person did afterwards: last vote, flagged, shared',
    read: ({ conversation: { outcome } }) =>
      outcome ? { vote: outcome.vote ?? null, flagged: outcome.flagged ?? null, shared: outcome.shared ?? null } : null,
  },
  {
    name: 'battle',
    type: 'string',
    description: 'id of the battle that the conversation is one side of',
    read: ({ conversation }) => conversation.battle,
  },
  {
    // Without offsets: they would point into the text before redaction.
    name: 'redactions',
    type: {
      list: {
        struct: [
          { name: 'message', type: 'int32' },
          { name: 'kind', type: 'string' },
          { name: 'replacement', type: 'string' },
        ],
      },
    },
    label: 'redaction',
    description: 'what was replaced: message, kind, replacement',
    read: ({ redaction }) => redaction?.spans.map(({ message, kind, replacement }) => ({ message, kind, replacement })),
  },
]

/**
 * The extra columns that a recipe names, in its order. `labels` gives the columns of the labels that curate computed.
 * @throws InputError `column-unknown` or `column-label-missing`, naming the column and the way out.
 */
export function chooseColumns(names: readonly string[], labels: Readonly<Record<string, readonly Column[]>>): ExtraColumn[] {
  const fixed = new Set(lmsysColumns.map(({ name }) => name))
  const wanted = [...new Set(names)].filter((name) => !fixed.has(name))
  return wanted.map((name) => {
    const known = extraColumns.find((column) => column.name === name)
    const fields = labels[name]
    if (known) {
      if (known.label !== undefined && labels[known.label] === undefined) throw labelMissing(name, known.label)
      return known
    }
    if (fields)
      return { name, type: { struct: fields }, label: name, description: `the label \`${name}\``, read: ({ others }) => others[name] }
    const all = [...extraColumns.map((column) => column.name), ...Object.keys(labels)].sort()
    throw new InputError(
      'column-unknown',
      `The recipe's column '${name}' is neither an extra column nor a computed label. There are: ${all.join(', ')}.`,
    )
  })
}

function labelMissing(column: string, label: string): InputError {
  return new InputError(
    'column-label-missing',
    `Column '${column}' needs the label '${label}', which curate did not compute. Add '${label}' to the recipe's labels.`,
  )
}

/** A footer's flat schema as columns; the inverse of toSchema for the types that we write. */
export function fromSchema(schema: readonly SchemaElement[]): Column[] {
  let at = 0
  const next = (): SchemaElement | undefined => schema[at++]
  const children = (element: SchemaElement | undefined): Column[] => Array.from({ length: element?.num_children ?? 0 }, () => read(next()))
  const read = (element: SchemaElement | undefined): Column => {
    if (!element) throw new RangeError('The Parquet schema ends early.')
    if (element.converted_type === 'LIST') {
      const [item] = children(next())
      return { name: element.name, type: { list: item?.type ?? 'string' } }
    }
    if (element.num_children) return { name: element.name, type: { struct: children(element) } }
    return { name: element.name, type: primitiveOf(element) }
  }
  return children(next())
}

function primitiveOf({ type, converted_type, logical_type }: SchemaElement): ColumnType {
  if (converted_type === 'TIMESTAMP_MILLIS' || logical_type?.type === 'TIMESTAMP') return 'timestamp'
  if (type === 'INT32') return 'int32'
  if (type === 'INT64') return 'int64'
  if (type === 'DOUBLE' || type === 'FLOAT') return 'double'
  if (type === 'BOOLEAN') return 'boolean'
  return 'string'
}
