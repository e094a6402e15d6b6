import type { Mention } from './draft.ts'
import type { Duplicate, Visit } from './plan.ts'
import type { Scene, Side } from './visit.ts'

/** One planted value of the answer key: message of the final conversation, UTF-16 units [start, end). */
export interface PlantedSpan extends Mention {
  message: number
}

/** What the answer key says of one conversation. */
export interface ConversationTruth {
  type: 'conversation'
  id: string
  model: string
  user: number
  language: { name: string; code: string }
  /** True when a message also holds a passage of another language. */
  mixed: boolean
  domain: string
  turns: number
  lines: number
  consent: boolean
  battle?: { form: 'anonymous' | 'named'; side: 'a' | 'b'; other: string }
  vote?: string
  duplicate?: Duplicate
  entities: PlantedSpan[]
  unsafe: { message: number; category: string }[]
  faults: string[]
}

/** A line that no reader can take, by file and 1-based line. */
export interface DamagedLineTruth {
  type: 'damaged-line'
  file: string
  line: number
  kind: string
}

/** The last line of the answer key: everything counted. */
export interface SummaryTruth {
  type: 'summary'
  seed: number
  conversations: number
  turns: number
  users: number
  battles: number
  files: number
  /** Log lines by type; `damaged` ones are in `damaged` by kind. Their sum is the number of lines in all files. */
  lines: Record<string, number>
  damaged: Record<string, number>
  languages: Record<string, number>
  entities: Record<string, number>
  duplicates: Record<string, number>
  unsafe: Record<string, number>
  faults: Record<string, number>
}

/** A line of the answer key. */
export type Truth = ConversationTruth | DamagedLineTruth | SummaryTruth

/** The answer key's record of one side of a visit. */
export function describeSide(
  side: Side,
  { scene, visit, lines, consent, vote }: { scene: Scene; visit: Visit; lines: number; consent: boolean; vote?: string | undefined },
): ConversationTruth {
  const other = scene.sides.find(({ id }) => id !== side.id)
  return {
    type: 'conversation',
    id: side.id,
    model: side.model.name,
    user: visit.user,
    language: scene.language,
    mixed: scene.mixed,
    domain: scene.domain,
    turns: side.prompts.length,
    lines,
    consent,
    ...(visit.battle && other ? { battle: { form: visit.battle, side: scene.sides[0] === side ? 'a' : 'b', other: other.id } } : {}),
    ...(vote ? { vote } : {}),
    ...(visit.duplicate ? { duplicate: visit.duplicate } : {}),
    entities: side.prompts.flatMap((prompt, turn) => [
      ...prompt.mentions.map((mention) => ({ message: 2 * turn, ...mention })),
      ...(side.answers[turn]?.mentions ?? []).map((mention) => ({ message: 2 * turn + 1, ...mention })),
    ]),
    unsafe: side.unsafe.map(({ turn, role, category }) => ({ message: 2 * turn + (role === 'user' ? 0 : 1), category })),
    faults: side.faults,
  }
}

/** Counts the answer key as it is written. Memory: one bit for each person. */
export function createTally(
  seed: number,
  people: number,
): { add(truth: Truth): void; addLine(type: string): void; addFile(): void; end(): SummaryTruth } {
  const seen = new Uint8Array(Math.ceil(people / 8) + 1)
  const summary: SummaryTruth = {
    type: 'summary',
    seed,
    conversations: 0,
    turns: 0,
    users: 0,
    battles: 0,
    files: 0,
    lines: {},
    damaged: {},
    languages: {},
    entities: {},
    duplicates: {},
    unsafe: {},
    faults: {},
  }
  const count = (counts: Record<string, number>, key: string) => {
    counts[key] = (counts[key] ?? 0) + 1
  }
  const addUser = (user: number) => {
    const bit = 1 << (user & 7)
    const byte = seen[user >> 3] ?? 0
    if ((byte & bit) === 0) summary.users++
    seen[user >> 3] = byte | bit
  }
  return {
    add(truth) {
      if (truth.type === 'damaged-line') return count(summary.damaged, truth.kind)
      if (truth.type !== 'conversation') return
      summary.conversations++
      summary.turns += truth.turns
      addUser(truth.user)
      if (truth.battle?.side === 'a') summary.battles++
      count(summary.languages, truth.language.name)
      for (const { kind } of truth.entities) count(summary.entities, kind)
      if (truth.duplicate) count(summary.duplicates, truth.duplicate.kind)
      for (const { category } of truth.unsafe) count(summary.unsafe, category)
      for (const fault of truth.faults) count(summary.faults, fault)
    },
    addLine: (type) => count(summary.lines, type),
    addFile: () => {
      summary.files++
    },
    end: () => summary,
  }
}
