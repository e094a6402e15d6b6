import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { append } from '../../append.ts'
import type { Battle } from '../../conversation.ts'
import { NotFoundError } from '../../errors.ts'
import { readBattles } from '../../storage/battles.ts'
import { type Row, readParquet } from '../../storage/parquet.ts'
import { countStyle, hasCode, type Style } from './style.ts'
import type { Vote } from './votes.ts'

/** The votes of a work folder in the order of time. `broken`: votes left out since a side gave its name away or is no whole answer. */
export interface FoundVotes {
  votes: Vote[]
  broken: number
  /** Unit of the styles' length: tokens where curate counted them. */
  lengthUnit: 'tokens' | 'characters'
}

/** Difficulty (1–10) from which a prompt is hard: six of the seven criteria. @see https://lmsys.org/blog/2024-05-17-category-hard/ */
export const hardDifficulty = 9

/** Reasons of curate for which a battle says nothing of its models, as in FastChat's clean_battle_data.py. */
const brokenReasons = new Set([
  'bad-format',
  'bad-order',
  'empty-turn',
  'unanswered',
  'network-error',
  'error-text',
  'moderation-stub',
  'cursor',
  'identity-leak',
])

/**
 * Reads the battles of a work folder, or of the one beside a release (`DIR.work`), with the style of their answers and what curate's labels say.
 * @throws NotFoundError `battles-missing`
 */
export async function readVotes(folder: string): Promise<FoundVotes> {
  const work = [folder, `${folder.replace(/\/+$/, '')}.work`].find((one) => existsSync(join(one, 'battles.parquet')))
  if (work === undefined) {
    throw new NotFoundError(
      'battles-missing',
      `${folder} has no battles.parquet, nor has ${folder}.work. Give the --work folder of colloquy build or ingest.`,
    )
  }
  const battles: Battle[] = []
  for await (const group of readBattles(join(work, 'battles.parquet'))) append(battles, group)
  battles.sort((x, y) => compare(x.votedAt ?? '', y.votedAt ?? '') || compare(x.id, y.id))
  const { sides, lengthUnit } = await readSides(work)
  const broken = await readBroken(work)
  const votes: Vote[] = []
  let count = 0
  for (const battle of battles) {
    if (broken.has(battle.conversationA) || broken.has(battle.conversationB)) count += 1
    else votes.push(toVote(battle, sides.get(battle.conversationA), sides.get(battle.conversationB)))
  }
  return { votes, broken: count, lengthUnit }
}

/** One side of a battle, as far as ratings need it. */
interface Side {
  style: Style
  hasCode: boolean
  language?: string
  isHard?: boolean
}

function toVote({ modelA, modelB, winner, judge, votedAt, anonymous }: Battle, a: Side | undefined, b: Side | undefined): Vote {
  return {
    modelA,
    modelB,
    winner,
    anonymous,
    ...(judge === undefined ? {} : { judge }),
    ...(votedAt === undefined ? {} : { votedAt }),
    ...(a?.language === undefined ? {} : { language: a.language }),
    ...(a?.isHard === undefined ? {} : { isHard: a.isHard }),
    isCoding: a?.hasCode === true || b?.hasCode === true,
    ...(a && b ? { style: [a.style, b.style] as const } : {}),
  }
}

async function readSides(work: string): Promise<{ sides: Map<string, Side>; lengthUnit: FoundVotes['lengthUnit'] }> {
  const folders = labelFolders(work)
  const sides = new Map<string, Side>()
  const shards = existsSync(join(work, 'conversations'))
    ? readdirSync(join(work, 'conversations')).filter((name) => /^\d+\.parquet$/.test(name))
    : []
  for (const shard of shards.sort()) {
    const label = (name: string, columns: readonly string[]) => {
      const folder = folders[name]
      return folder === undefined ? undefined : rowsOf(join(work, folder, shard), columns)
    }
    const languages = label('language', ['name'])
    const difficulties = label('quality', ['difficulty'])
    const tokens = label('tokens', ['o200k'])
    for await (const row of rowsOf(join(work, 'conversations', shard), ['id', 'messages', 'battle'])) {
      // Labels lie row for row with conversations, so every reader takes a step, whether or not the row matters.
      const [language, quality, counted] = await Promise.all([languages?.next(), difficulties?.next(), tokens?.next()])
      if (typeof row.battle !== 'string') continue
      sides.set(String(row.id), toSide(row, { language: language?.value, quality: quality?.value, tokens: counted?.value }))
    }
  }
  return { sides, lengthUnit: folders.tokens === undefined ? 'characters' : 'tokens' }
}

const messagesSchema = z.array(z.object({ role: z.string(), content: z.string() }))
const languageSchema = z.object({ name: z.string() })
const qualitySchema = z.object({ difficulty: z.number() })
const tokensSchema = z.object({ o200k: z.array(z.number()) })

function toSide(row: Row, labels: Readonly<Record<'language' | 'quality' | 'tokens', unknown>>): Side {
  const messages = messagesSchema.parse(row.messages)
  const answers = messages.filter(({ role }) => role === 'assistant').map(({ content }) => content)
  const counted = tokensSchema.safeParse(labels.tokens).data?.o200k
  const length = counted && messages.reduce((sum, { role }, at) => sum + (role === 'assistant' ? (counted[at] ?? 0) : 0), 0)
  const language = languageSchema.safeParse(labels.language).data?.name
  const difficulty = qualitySchema.safeParse(labels.quality).data?.difficulty
  return {
    style: countStyle(answers, length),
    hasCode: hasCode(messages.map(({ content }) => content)),
    ...(language === undefined ? {} : { language }),
    ...(difficulty === undefined ? {} : { isHard: difficulty >= hardDifficulty }),
  }
}

const curateSchema = z.object({ labels: z.record(z.string(), z.object({ folder: z.string() })) })

/** Folders of the labels that curate computed last, by label; none where it has not run. */
function labelFolders(work: string): Record<string, string> {
  const file = join(work, 'curate.json')
  if (!existsSync(file)) return {}
  const { labels } = curateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  return Object.fromEntries(Object.entries(labels).map(([name, { folder }]) => [name, folder]))
}

async function readBroken(work: string): Promise<Set<string>> {
  const broken = new Set<string>()
  const folder = join(work, 'dropped')
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    for await (const line of createInterface({ input: createReadStream(join(folder, name)), crlfDelay: Number.POSITIVE_INFINITY })) {
      const dropped = z.object({ id: z.string(), reason: z.string() }).safeParse(line === '' ? undefined : JSON.parse(line))
      if (dropped.success && brokenReasons.has(dropped.data.reason)) broken.add(dropped.data.id)
    }
  }
  return broken
}

async function* rowsOf(path: string, columns: readonly string[]): AsyncGenerator<Row, undefined> {
  for await (const rows of readParquet(path, columns)) yield* rows
  return undefined
}

const compare = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0)
