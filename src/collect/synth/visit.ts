import type { Composer, Prompts, UnsafeMark } from './compose.ts'
import { type Draft, emptyDraft } from './draft.ts'
import { type Model, pickModel } from './models.ts'
import { makeNear } from './near.ts'
import { streamOf, type Visit } from './plan.ts'
import type { Random } from './random.ts'

/** One conversation of a visit as it will stand in the log, with what the answer key says of it. */
export interface Side {
  id: string
  model: Model
  prompts: Draft[]
  answers: Draft[]
  unsafe: UnsafeMark[]
  /** Faults inside the final text. */
  faults: string[]
  /** An answer that was thrown away by "regenerate": the log has it in an older line of the same turn. */
  regenerated?: { turn: number; text: string }
}

/** A visit with its texts: one side, or two of a battle. */
export interface Scene {
  language: { name: string; code: string }
  mixed: boolean
  domain: string
  sides: Side[]
}

const identities = [
  'I am Vicuna, a model trained by LMSYS.',
  'As a model developed by OpenAI, I',
  'My name is Claude and I was made by Anthropic.',
]

/** Texts of faults that FastChat's sites left inside messages. */
const faults: Record<string, (answer: Draft) => Draft> = {
  'network-error': () => ({ ...emptyDraft(), text: '**NETWORK ERROR DUE TO HIGH TRAFFIC. PLEASE REGENERATE OR REFRESH THIS PAGE.**' }),
  cursor: (answer) => ({ ...answer, text: `${answer.text}▌` }),
  'cursor-span': (answer) => ({ ...answer, text: `${answer.text}<span class="cursor"></span> ` }),
  'moderation-stub': () => ({ ...emptyDraft(), text: '$MODERATION$ YOUR INPUT VIOLATES OUR CONTENT MODERATION GUIDELINES.' }),
  'empty-answer': () => emptyDraft(),
}
const faultShares = [
  ['network-error', 0.006],
  ['cursor', 0.003],
  ['cursor-span', 0.001],
  ['moderation-stub', 0.004],
  ['empty-answer', 0.002],
] as const

/** Writes the texts of a visit that starts on `day` (`YYYY-MM-DD`). */
export function composeVisit(composer: Composer, visit: Visit, { seed, day }: { seed: number; day: string }): Scene {
  const random = streamOf(seed, 'log', visit.index)
  const fromGroup = visit.group !== undefined
  const groupItem = fromGroup ? groupNumber(visit) : visit.index
  const prompts = composer.prompts(streamOf(seed, fromGroup ? 'group' : 'prompts', groupItem), visit.wish)
  const drafts =
    visit.duplicate?.kind === 'near' ? prompts.drafts.map((draft) => makeNear(draft, streamOf(seed, 'edits', visit.index))) : prompts.drafts
  const sides: Side[] = []
  for (let side = 0; side < (visit.battle ? 2 : 1); side++) {
    const isExact = visit.duplicate?.kind === 'exact'
    const answersItem = isExact ? groupItem + 0x40000000 : visit.index * 2 + side
    sides.push(
      composeSide(
        { composer, prompts, drafts, random, day, isExact, isBattle: visit.battle !== undefined },
        streamOf(seed, 'answers', answersItem),
      ),
    )
  }
  const [left, right] = sides
  while (left && right && left.model === right.model) right.model = pickModel(random, day)
  return { language: prompts.language, mixed: prompts.mixed, domain: prompts.domain, sides }
}

/** Group numbers of the kinds must not meet, or two groups would have the same text. */
function groupNumber({ group = 0, duplicate }: Visit): number {
  return group * 3 + (duplicate?.kind === 'exact' ? 0 : duplicate?.kind === 'prompts' ? 1 : 2)
}

interface SideOrder {
  composer: Composer
  prompts: Prompts
  drafts: Draft[]
  random: Random
  day: string
  isExact: boolean
  isBattle: boolean
}

function composeSide({ composer, prompts, drafts, random, day, isExact, isBattle }: SideOrder, own: Random): Side {
  const { drafts: answers, marks } = composer.answers(own, prompts)
  const side: Side = {
    id: hexId(random),
    model: pickModel(random, day),
    prompts: drafts,
    answers,
    unsafe: [...prompts.unsafe, ...marks],
    faults: [],
  }
  const last = answers.length - 1
  const lastAnswer = answers[last]
  if (isExact || !lastAnswer) return side
  let draw = random.next()
  for (const [fault, share] of faultShares) {
    if (draw >= 0 && draw < share) {
      answers[last] = faults[fault]?.(lastAnswer) ?? lastAnswer
      side.faults.push(fault)
      side.unsafe = side.unsafe.filter(({ turn, role }) => role === 'user' || turn !== last || fault.startsWith('cursor'))
    }
    draw -= share
  }
  if (isBattle && side.faults.length === 0 && random.chance(0.03)) {
    answers[last] = { ...lastAnswer, text: `${lastAnswer.text} ${random.pick(identities)}` }
    side.faults.push('identity-leak')
  }
  if (random.chance(0.03)) side.regenerated = { turn: last, text: composer.answers(own, prompts).drafts[last]?.text ?? '' }
  return side
}

function hexId(random: Random): string {
  let hex = ''
  for (let word = 0; word < 4; word++)
    hex += Math.floor(random.next() * 4294967296)
      .toString(16)
      .padStart(8, '0')
  // Version and variant of a UUID 4, as uuid.uuid4().hex has them.
  return `${hex.slice(0, 12)}4${hex.slice(13, 16)}${'89ab'.charAt(random.below(4))}${hex.slice(17)}`
}
