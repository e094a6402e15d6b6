import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseLine } from '../curate/label-lines.ts'
import { loadRecipe } from '../curate/recipe.ts'
import { type Grades, gradeReview, type Share } from '../curate/redaction/grade.ts'
import { createRedactionLabeller } from '../curate/redaction/redaction.ts'
import { sampleReview } from '../curate/redaction/review.ts'
import { InputError, NotFoundError } from '../errors.ts'
import { mulberry } from '../mulberry.ts'
import { readConversations } from '../storage/conversations.ts'
import { toJson, writeWhole } from '../storage/files.ts'
import { readLines } from '../storage/lines.ts'
import type { CommandModule } from './command.ts'
import { toTable } from './table.ts'

type Run = CommandModule['run']

const parts: Readonly<Record<string, Run>> = { explain, review, grade }

/** `colloquy redaction WHAT`: why something was replaced (explain), a sample for a person to grade (review), and what the grades say (grade). */
export const run: Run = async (call) => {
  const [what = '', ...operands] = call.operands
  const part = parts[what]
  if (!part) throw new InputError('operand-invalid', `colloquy redaction takes one of ${Object.keys(parts).join(', ')}; it got '${what}'.`)
  return part({ ...call, operands })
}

async function open(recipe: string | undefined) {
  return createRedactionLabeller(loadRecipe(recipe ?? 'default').recipe.settings.redaction ?? {})
}

/** Shows the findings of each conversation on stdin, the text itself included: for the operator's eyes. */
async function explain({ settings, world }: Parameters<Run>[0]): Promise<number> {
  const labeller = await open(settings.recipe)
  for await (const line of readLines(world.stdin)) {
    const conversation = parseLine('text' in line ? line.text : `!${line.problem}`)
    const { spans, nearMisses } = labeller.explain(conversation)
    if (settings.json) {
      await world.print(`${JSON.stringify({ id: conversation.id, spans, nearMisses })}\n`)
      continue
    }
    const all = [...spans, ...nearMisses].sort((a, b) => a.message - b.message || a.start - b.start)
    const rows = all.map(({ message, start, end, kind, rule, confidence, replacement }) => [
      `${message}:${start}–${end}`,
      kind,
      replacement ?? '(stays)',
      confidence.toFixed(2),
      rule,
      JSON.stringify(conversation.messages[message]?.content.slice(start, end) ?? ''),
    ])
    await world.print(`${conversation.id}\n${toTable(['place', 'kind', 'replacement', 'confidence', 'rule', 'text'], rows)}\n\n`)
  }
  return 0
}

async function review({ settings, world }: Parameters<Run>[0]): Promise<number> {
  if (settings.work === undefined)
    throw new InputError('flag-missing', 'colloquy redaction review needs --work DIR, an ingested work folder.')
  const folder = join(settings.work, 'conversations')
  if (!existsSync(folder))
    throw new NotFoundError('eval-file-unknown', `There is no folder '${folder}': run colloquy ingest with --work first.`)
  const labeller = await open(settings.recipe)
  async function* conversations() {
    for (const name of readdirSync(folder)
      .filter((file) => file.endsWith('.parquet'))
      .sort())
      yield* readConversations(join(folder, name))
  }
  const { population, items } = await sampleReview(conversations(), labeller, {
    size: settings.examples ?? 200,
    random: mulberry(settings.seed ?? 42),
  })
  await world.print(`${[{ fingerprint: labeller.fingerprint, population }, ...items].map((item) => JSON.stringify(item)).join('\n')}\n`)
  return 0
}

async function grade({ operands, settings, world }: Parameters<Run>[0]): Promise<number> {
  const [file] = operands
  if (file === undefined)
    throw new InputError('operand-missing', "colloquy redaction grade needs the graded file of 'colloquy redaction review'.")
  if (!existsSync(file)) throw new NotFoundError('eval-file-unknown', `There is no file '${file}'.`)
  const { fingerprint, all, kinds } = gradeReview(readFileSync(file, 'utf8').split('\n'))
  if (settings.work !== undefined) {
    if (!existsSync(settings.work)) throw new NotFoundError('eval-file-unknown', `There is no folder '${settings.work}'.`)
    writeWhole(join(settings.work, 'redaction-grades.json'), toJson({ schema: 1, fingerprint: fingerprint ?? null, all, kinds }))
  }
  if (settings.json) await world.print(`${JSON.stringify({ all, kinds })}\n`)
  else {
    const row = ([name, { graded, precision, recall }]: readonly [string, Grades]) => [name, String(graded), show(precision), show(recall)]
    await world.print(
      `${toTable(['kind', 'graded', 'precision (95 %)', 'recall of what was seen (95 %)'], [...Object.entries(kinds), ['all', all] as const].map(row))}\n`,
    )
  }
  return 0
}

const show = (share: Share | undefined) => (share ? `${share.share.toFixed(3)} (${share.low.toFixed(3)}–${share.high.toFixed(3)})` : '–')
