import type { Wish } from './compose.ts'
import { FIRST_DAY, LAST_DAY } from './models.ts'
import { createRandom, type Random } from './random.ts'

/** Independent rows of random choices, by purpose. */
export const STREAMS = { visit: 1, prompts: 2, answers: 3, group: 4, time: 5, edits: 6, log: 7, lines: 8, consent: 9 } as const

/** The row of choices of one purpose and one item (visit, group) under a seed. */
export function streamOf(seed: number, purpose: keyof typeof STREAMS, item: number): Random {
  return createRandom((seed ^ Math.imul(STREAMS[purpose], 0x9e3779b1)) >>> 0, item)
}

/** A planted group of duplicates. `exact`: the same messages; `prompts`: the same prompts, other answers; `near`: edited prompts; `template`: one skeleton. */
export interface Duplicate {
  kind: 'exact' | 'prompts' | 'near' | 'template'
  group: string
}

/** One coming of a person to the site: a chat with one model, or a battle of two. */
export interface Visit {
  index: number
  battle?: 'anonymous' | 'named'
  wish: Wish
  duplicate?: Duplicate
  /** Number of the group that prompts (and for `exact` answers) come from. */
  group?: number
  /** Number of the person, of so many as the plan has. */
  user: number
}

/** How conversations are shared out: all that depends on their number. */
export interface Plan {
  visits: number
  /** Servers and days that the logs are spread over: few conversations lie in few files. */
  servers: number
  days: number
  /** Upper bound of user numbers. */
  users: number
  visit(index: number): Visit
}

/** Servers of the collection site, as FastChat's NUM_SERVERS. */
const SERVERS = 14
/** Days of the whole collection. */
const DAYS = 1 + (Date.parse(LAST_DAY) - Date.parse(FIRST_DAY)) / 86_400_000
const ANONYMOUS_SHARE = 0.04
const NAMED_SHARE = 0.015
/** People per conversation: with the tail below, about .21 distinct people a conversation come, as LMSYS-Chat-1M counts (210,479 of a million). */
const PEOPLE_PER_CONVERSATION = 0.27
const TAIL = 3.2
const BOTS_PER_TEMPLATE = 3

/** Shares out conversations: the same number and seed give the same plan; memory does not grow with the number. */
export function createPlan({
  conversations,
  seed,
  templates,
  greetings,
}: {
  conversations: number
  seed: number
  templates: number
  greetings: number
}): Plan {
  const bots = templates * BOTS_PER_TEMPLATE
  const people = Math.max(8, Math.ceil(conversations * PEOPLE_PER_CONVERSATION))
  const groups = {
    exact: Math.max(1, Math.floor(conversations * 0.004)),
    prompts: Math.max(1, Math.floor(conversations * 0.025)),
    near: Math.max(1, Math.floor(conversations * 0.012)),
  }
  const groupOf = (random: Random, kind: 'exact' | 'prompts' | 'near') => Math.floor(groups[kind] * random.next() ** 1.6)

  const visit = (index: number): Visit => {
    const random = streamOf(seed, 'visit', index)
    const user = bots + Math.floor(people * random.next() ** TAIL)
    const form = random.next()
    const battle = form < ANONYMOUS_SHARE ? 'anonymous' : form < ANONYMOUS_SHARE + NAMED_SHARE ? 'named' : undefined
    const kind = random.next()
    if (battle === undefined) {
      if (kind < 0.08) {
        const template = Math.floor(templates * random.next() ** 1.5)
        return {
          index,
          wish: { kind: 'template', index: template },
          duplicate: { kind: 'template', group: `template-${template}` },
          user: template * BOTS_PER_TEMPLATE + random.below(BOTS_PER_TEMPLATE),
        }
      }
      for (const [name, end] of [
        ['exact', 0.095],
        ['prompts', 0.175],
        ['near', 0.215],
      ] as const) {
        if (kind >= end) continue
        const group = groupOf(random, name)
        const wish: Wish = { kind: 'free', ...(name === 'near' ? { minTokens: 40 + (group % 90) } : {}) }
        return { index, wish, duplicate: { kind: name, group: `${name}-${group}` }, group, user }
      }
      if (kind < 0.245) {
        const greeting = Math.floor(greetings * random.next() ** 2)
        return { index, wish: { kind: 'greeting', index: greeting }, duplicate: { kind: 'prompts', group: `greeting-${greeting}` }, user }
      }
    }
    return { index, wish: { kind: random.chance(0.07) ? 'unsafe' : 'free' }, ...(battle ? { battle } : {}), user }
  }
  return {
    visits: countVisits(conversations, visit),
    servers: Math.min(SERVERS, Math.max(2, Math.floor(conversations / 500))),
    days: Math.min(DAYS, Math.max(7, Math.floor(conversations / 15))),
    users: bots + people,
    visit,
  }
}

/** How many visits make so many conversations: a battle is two, and one that would be one too many is a single chat. */
function countVisits(conversations: number, visit: (index: number) => Visit): number {
  let visits = 0
  for (let made = 0; made < conversations; visits++) made += visit(visits).battle ? 2 : 1
  return visits
}
