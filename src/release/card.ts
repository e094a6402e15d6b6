import { z } from 'zod'
import { judgedBy } from './card.moderation.ts'
import { writeFrontMatter } from './card.yaml.ts'
import { bibtex } from './croissant.ts'
import { escapeContact, escapeMarkdown, toFencedJson } from './escape.ts'
import { absences, absentLabels, downloadBytes, licensorOf, type ReleaseFacts } from './facts.ts'
import type { Figure } from './figures.ts'
import type { GradedShare, RedactionGrades } from './grades.ts'
import { moderationCategories } from './moderation.ts'

/** What the seven columns hold; the recipe's extra ones bring their own words. */
const columnNotes: Readonly<Record<string, string>> = {
  conversation_id: 'id of the conversation in the logs',
  model: 'model that answered',
  conversation: 'the messages in OpenAI form: `content` and `role`',
  turn: 'messages divided by two, rounded down',
  language: 'English name of the language, or "unknown"',
  openai_moderation: 'for every message, flags and scores in eleven categories; all null where moderation of a message failed',
  redacted: 'whether anything was replaced',
}

/** The card, `README.md`: front matter and text. Everything that came from logs or settings is escaped. */
export function writeCard(facts: ReleaseFacts, figures: readonly Figure[]): string {
  const parts = [
    `# ${escapeMarkdown(facts.settings.title)}`,
    introduce(facts),
    '## Statistics',
    statistics(facts),
    ...figures.map(({ path, alt }) => `![${escapeMarkdown(alt)}](${path})`),
    '## What a row looks like',
    sampleRow(facts),
    columns(facts),
    '## How to load it',
    loading(facts),
    '## How it was made',
    making(facts),
    ...(facts.stats.moderation ? ['## Flagged conversations', flagged(facts)] : []),
    ...(facts.stats.redaction ? ['## Redaction', redaction(facts)] : []),
    ...(facts.work.curate.figures.length > 0 ? ['## Duplicates, contamination, quality', labelFigures(facts)] : []),
    '## Consent',
    consent(facts),
    '## Limits',
    limits(facts),
    '## Licence',
    `Access and use are governed by the [dataset licence agreement](LICENSE.md) with ${escapeMarkdown(licensorOf(facts.settings))}. Texts written by models also fall under the terms of those models.`,
    '## Withdrawal and deletion',
    withdrawal(facts),
    '## Citation',
    `\`\`\`bibtex\n${bibtex(facts)}\n\`\`\``,
    `<!-- Made by ${facts.code.name} ${facts.code.version}; manifest.json lists inputs, recipe, labellers and the sha256 of every file. -->`,
  ]
  return `---\n${writeFrontMatter(facts)}---\n\n${parts.join('\n\n')}\n`
}

/** Labels that the release keeps beside the text: researchers decide what to leave out. */
function labelFigures({ work, stats }: ReleaseFacts): string {
  const rows = work.curate.figures.map(({ label, figure, value }) => {
    const isCount = !figure.startsWith('mean ')
    const share = value !== null && isCount && stats.conversations > 0 ? `${((100 * value) / stats.conversations).toFixed(1)} %` : ''
    return [
      escapeMarkdown(label),
      escapeMarkdown(figure),
      value === null ? 'not measured' : isCount ? format(value) : value.toFixed(2),
      share,
    ]
  })
  return `Nothing was dropped for these labels unless a rule above says so.\n\n${table(['label', 'figure', 'value', 'of all'], rows)}`
}

function introduce({ settings, stats, work }: ReleaseFacts): string {
  const users = stats.users === null ? 'people' : plural(stats.users, 'person').replace('persons', 'people')
  const days = stats.perDay
  const when = days.length > 0 ? `, collected from ${days[0]?.day} to ${days.at(-1)?.day}` : ''
  const facts = `${format(stats.conversations)} conversations between ${users} and ${stats.models === null ? 'language models that the logs do not name' : plural(stats.models, 'language model')} in ${plural(stats.languages, 'language')}${when}.`
  const missing = absentLabels(work).map((name) => `> - ${absences[name]}`)
  return [
    settings.description ? escapeMarkdown(settings.description) : '',
    facts,
    settings.collection ? escapeMarkdown(settings.collection) : '',
    missing.length > 0 ? `> **What did not run for this release**\n>\n${missing.join('\n')}` : '',
    '**Some conversations contain unsafe or offensive content. They are kept on purpose, for research on safety; take care when you read or show them.**',
  ]
    .filter(Boolean)
    .join('\n\n')
}

function statistics({ stats, deletion }: ReleaseFacts): string {
  const average = (value: number | null) => (value === null ? 'not measured' : value.toFixed(1))
  return table(
    [
      '# conversations',
      '# models',
      '# users',
      '# languages',
      'avg. # turns per sample',
      'avg. # tokens per prompt',
      'avg. # tokens per response',
    ],
    [
      [
        format(stats.conversations),
        stats.models === null ? 'not recorded' : format(stats.models),
        stats.users === null ? 'not recorded' : format(stats.users),
        format(stats.languages),
        average(stats.averageTurnsPerSample),
        average(stats.averageTokensPerPrompt),
        average(stats.averageTokensPerResponse),
      ],
    ],
  )
    .concat(stats.tokenizer ? '\n\nTokens are those of the Llama-2 tokenizer, counted before redaction.' : '')
    .concat(
      deletion?.carried
        ? `\n\nThese figures still count the ${format(deletion.carried.of)} conversations from before deletions, since the columns do not tell them: ${deletion.carried.figures.join(', ')}.`
        : '',
    )
}

function sampleRow({ sample, data }: ReleaseFacts): string {
  if (sample) return `A row of the dataset, as JSON:\n\n${toFencedJson(sample)}`
  const invented: Record<string, unknown> = {
    conversation_id: '00000000000000000000000000000000',
    model: 'example-model',
    conversation: [
      { content: 'Why is the sky blue?', role: 'user' },
      { content: 'Air scatters the short waves of sunlight, which we see as blue, more than the long ones.', role: 'assistant' },
    ],
    turn: 1,
    language: 'English',
    openai_moderation: [],
    redacted: false,
  }
  const rest = data.extras.map(({ name }) => `\`${name}\``)
  const after = rest.length > 0 ? ` The columns ${rest.join(', ')} follow.` : ''
  return `An invented row, as JSON: none of the dataset was both moderated as clean, found free of personal data, and short enough to be quoted here.${after}\n\n${toFencedJson(invented)}`
}

function columns({ data }: ReleaseFacts): string {
  const extra = new Map(data.extras.map(({ name, description }) => [name, description]))
  const rows = data.columns.map(({ name }) => [`\`${name}\``, columnNotes[name] ?? extra.get(name) ?? ''])
  return table(['column', 'what it holds'], rows)
}

function loading({ data }: ReleaseFacts): string {
  return [
    `The data is ${plural(data.files.length, 'Parquet file')}, ${showSize(downloadBytes(data.files))}. The first seven columns have the names, order and types of LMSYS-Chat-1M, so code for that dataset runs unchanged:`,
    '```python\nfrom datasets import load_dataset\n\nrows = load_dataset("path/or/namespace/of/this/dataset", split="train")\nprint(rows[0]["conversation"][0]["content"])\n```',
  ].join('\n\n')
}

function making({ work, code, stats }: ReleaseFacts): string {
  const { ingest, curate } = work
  const refused = Object.values(ingest.refused).reduce((sum, count) => sum + count, 0)
  const rules = curate.rules.map(({ rule, description, dropped }) => [
    `\`${rule.replace(/[^\w-]/g, '')}\``,
    escapeMarkdown(description),
    format(dropped),
  ])
  const labels = Object.entries(curate.labels).map(([name, { version, fingerprint, quality }]) => [
    escapeMarkdown(name),
    escapeMarkdown(version),
    `\`${fingerprint.replace(/\W/g, '')}\``,
    escapeMarkdown(quality ?? 'not measured'),
  ])
  const sampling = curate.notSampled > 0 ? ` ${format(curate.notSampled)} more were left out by sampling or a limit.` : ''
  const languageOf = curate.recipe.language === 'first-prompt' ? ' The language of a conversation is that of its first prompt.' : ''
  return [
    `Made by ${escapeMarkdown(code.name)} ${code.version} with the recipe "${escapeMarkdown(curate.recipe.name)}". Of ${format(ingest.lines)} log lines, ${format(ingest.accepted)} were accepted, ${format(ingest.superseded)} superseded by a later line of the same conversation, and ${format(refused)} refused with a named reason. They hold ${format(curate.input)} conversations; the rules below, in this order, and what each dropped, left ${format(stats.conversations)}.${sampling}${languageOf}`,
    table(['rule', 'drops', 'conversations'], rules.length > 0 ? rules : [['none', '', '0']]),
    'Labels were made by these labellers:',
    table(['labeller', 'version', 'fingerprint', 'measured quality'], labels.length > 0 ? labels : [['none', '', '', '']]),
  ].join('\n\n')
}

function flagged(facts: ReleaseFacts): string {
  const { stats } = facts
  const moderation = stats.moderation
  if (!moderation) return ''
  const share = (count: number) => `${((100 * count) / stats.conversations).toFixed(2)} %`
  const rows = moderationCategories.map((name) => [name, format(moderation.categories[name]), share(moderation.categories[name])])
  const failed =
    moderation.failed > 0
      ? ` Moderation failed for ${plural(moderation.failed, 'message')}: their values are null, which means neither flagged nor clean.`
      : ''
  return [
    `Conversations with at least one flagged message: ${format(moderation.conversations)} (${share(moderation.conversations)}), by category:`,
    table(['category', 'conversations', 'share'], rows),
    `${format(moderation.checked)} messages were checked, ${format(moderation.flagged)} flagged.${failed}`,
    judgedBy(facts),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const keptSchema = z.looseObject({ keepNames: z.object({ moreThanUsers: z.int() }) })

function redaction({ stats, work, grades }: ReleaseFacts): string {
  if (!stats.redaction) return ''
  const kept = keptSchema.safeParse(work.curate.labels.redaction?.settings)
  const rows = Object.entries(stats.redaction.kinds).map(([kind, count]) => [escapeMarkdown(kind), format(count)])
  return [
    `Personal data was replaced by tags in ${format(stats.redaction.conversations)} conversations; within a conversation the same name has the same tag (NAME_1, NAME_2, …). Some personal data may have been missed, and some text replaced that was none.`,
    ...(kept.success
      ? [`Names that stand in conversations of more than ${format(kept.data.keepNames.moreThanUsers)} different users were kept.`]
      : []),
    ...graded(grades),
    table(['kind', 'replacements'], rows.length > 0 ? rows : [['none', '0']]),
  ].join('\n\n')
}

/** Never more than was measured: the sample's size and its intervals stand beside every share. */
function graded(grades: RedactionGrades | undefined): string[] {
  if (!grades) return []
  const show = (share: GradedShare | undefined) =>
    share ? `${share.share.toFixed(3)} (${share.low.toFixed(3)}–${share.high.toFixed(3)})` : 'not measured'
  const row = ([name, { graded: count, precision, recall }]: readonly [string, RedactionGrades['all']]) => [
    escapeMarkdown(name),
    format(count),
    show(precision),
    show(recall),
  ]
  const measured = Object.entries(grades.kinds).filter(([, { graded: count }]) => count > 0)
  return [
    `A person graded ${format(grades.all.graded)} findings, drawn at random from what was replaced and from what nearly was. Precision is the share of replacements that were right; recall is of what the rules saw at all, so personal data that they never saw is not in it.`,
    table(
      ['kind', 'graded', 'precision (95 % interval)', 'recall of what was seen (95 % interval)'],
      [...measured, ['all', grades.all] as const].map(row),
    ),
  ]
}

function consent({ work, stats }: ReleaseFacts): string {
  if (work.curate.recipe.consent === 'required') {
    return 'Every conversation in this release carries a recorded consent: the version of the terms that the person accepted, and when. Conversations without one were dropped.'
  }
  const recorded =
    stats.withConsent > 0
      ? ` A recorded consent exists for ${format(stats.withConsent)} of ${format(stats.conversations)} conversations.`
      : ''
  return `**Consent is assumed, not recorded for every conversation**: it rests on the terms of use of the site where people chatted.${recorded}`
}

function limits({ work }: ReleaseFacts): string {
  const items = [
    'People who use such sites are not a sample of all users, and what they ask a demonstration is not what they ask at work.',
    'Many prompts are repeated, templated or of low quality.',
    'Labels come from programs and have errors; the table of labellers says what was measured.',
    'No decontamination against benchmarks was run.',
    ...absentLabels(work).map((name) => absences[name]),
  ]
  const shown = work.curate.labels.contamination ? items.filter((item) => !item.startsWith('No decontamination')) : items
  return shown.map((item) => `- ${item}`).join('\n')
}

function withdrawal({ settings, deletion }: ReleaseFacts): string {
  const so = deletion
    ? `\n\nSo far ${plural(deletion.conversations, 'conversation')} ${deletion.conversations === 1 ? 'was' : 'were'} deleted after publication; version ${settings.version} was made from version ${deletion.from} without them.`
    : ''
  const where = settings.contact
    ? `write to ${escapeContact(settings.contact)}`
    : 'write to the publisher of this dataset (this release names no other contact)'
  return `If you took part in a conversation and want it removed, or find personal data or other rights of yours in the dataset, ${where} with the \`conversation_id\` or the text. Later versions leave it out, and everyone with access can be told to delete it.${so}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function showSize(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1000)} kB`
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function plural(count: number, noun: string): string {
  return `${format(count)} ${noun}${count === 1 ? '' : 's'}`
}

function format(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}
