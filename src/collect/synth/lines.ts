import type { Model } from './models.ts'
import type { Visit } from './plan.ts'
import type { Random } from './random.ts'
import type { Scene, Side } from './visit.ts'

/** One line for the log: when (seconds since 1970), on which of the servers, its type and its object. */
export interface LogLine {
  at: number
  server: number
  type: string
  /** Conversation of a chat line. */
  id?: string
  record: Record<string, unknown>
}

/** What lines need beside the texts. */
export interface Circumstances {
  visit: Visit
  start: number
  /** Servers that there are. */
  servers: number
  random: Random
  /** Consent fields of our own, absent where the person gave none. */
  consent?: { terms: string; acceptedAt: string }
}

const SYSTEM =
  "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions."
/** What the `one_shot` template puts before the person's own messages; `offset` 2 skips it. */
const ONE_SHOT = [
  ['Human', 'Got any creative ideas for a 10 year old’s birthday?'],
  ['Assistant', 'Of course! Here are some: a treasure hunt, a science party, an outdoor film night.'],
]

/** The lines of a visit, in order: one chat line for each completed turn of each side, then votes and the like. */
export function writeLines(scene: Scene, { visit, start, servers, random, consent }: Circumstances): LogLine[] {
  const lines: LogLine[] = []
  const home = random.below(servers)
  const ip = addressOf(visit.user)
  const extra = consent ? { consent } : {}
  const common = { ip, ...extra }
  const turns = scene.sides[0]?.prompts.length ?? 0
  const movesAt = random.chance(0.01) ? 1 + random.below(turns) : turns
  const temperature = random.chance(0.9) ? 0.7 : Number(random.next().toFixed(1))
  let at = start
  for (let turn = 0; turn < turns; turn++) {
    const server = turn >= movesAt ? (home + 1) % servers : home
    let slowest = at
    for (const side of scene.sides) {
      const asked = at
      const answered = asked + 1 + (side.answers[turn]?.text.length ?? 0) * (0.006 + 0.01 * random.next())
      slowest = Math.max(slowest, answered)
      const write = (finish: number, answer?: string) =>
        lines.push({
          at: finish,
          server,
          type: 'chat',
          id: side.id,
          record: {
            tstamp: round(finish),
            type: 'chat',
            model: side.model.name,
            gen_params: { temperature, top_p: 1, max_new_tokens: 512 },
            start: round(asked),
            finish: round(finish),
            state: stateOf(side, turn + 1, answer),
            ...common,
          },
        })
      if (side.regenerated?.turn === turn) {
        write(answered - 0.5, side.regenerated.text)
        slowest += 5
        write(slowest)
      } else write(answered)
    }
    at = slowest + 3 + 60 * random.next() ** 2
  }
  const server = movesAt < turns ? (home + 1) % servers : home
  const vote = (type: string, fields: Record<string, unknown>) =>
    lines.push({ at, server, type, record: { tstamp: round(at), type, ...fields, ...common } })
  const [left, right] = scene.sides
  if (left && right) {
    if (random.chance(0.8)) {
      const models = visit.battle === 'anonymous' ? ['', ''] : [left.model.name, right.model.name]
      const type = random.pick(['leftvote', 'leftvote', 'rightvote', 'rightvote', 'tievote', 'bothbad_vote'])
      vote(type, { models, states: [stateOf(left, turns), stateOf(right, turns)] })
    }
    if (random.chance(0.02))
      vote('share', { models: [left.model.name, right.model.name], states: [stateOf(left, turns), stateOf(right, turns)] })
  } else if (left) {
    const draw = random.next()
    const type = draw < 0.015 ? 'upvote' : draw < 0.03 ? 'downvote' : draw < 0.034 ? 'flag' : undefined
    if (type) vote(type, { model: left.model.name, state: stateOf(left, turns) })
  }
  return lines
}

function stateOf(side: Side, turns: number, lastAnswer?: string): Record<string, unknown> {
  const [user, assistant] = rolesOf(side.model)
  const shots = side.model.template === 'one_shot' ? ONE_SHOT : []
  const messages: string[][] = [...shots]
  for (let turn = 0; turn < turns; turn++) {
    messages.push([user, side.prompts[turn]?.text ?? ''])
    messages.push([assistant, turn === turns - 1 && lastAnswer !== undefined ? lastAnswer : (side.answers[turn]?.text ?? '')])
  }
  return {
    template_name: side.model.template,
    system_message: side.model.template === 'chatgpt' ? 'You are a helpful assistant.' : SYSTEM,
    roles: [user, assistant],
    messages,
    offset: shots.length,
    conv_id: side.id,
    model_name: side.model.name,
  }
}

function rolesOf({ template }: Model): [string, string] {
  if (template === 'vicuna_v1.1' || template === 'koala_v1') return ['USER', 'ASSISTANT']
  if (template === 'chatgpt' || template === 'bard') return ['user', 'assistant']
  if (template === 'llama-2') return ['[INST]', '[/INST]']
  return ['Human', 'Assistant']
}

/** An address of the private block 10.0.0.0/8: nobody's on the network. People meet on one from 16,777,216 people on. */
export function addressOf(user: number): string {
  const mixed = (Math.imul(user, 0x9e3779b1) + 0x3c6ef3) & 0xffffff
  return `10.${mixed >>> 16}.${(mixed >>> 8) & 255}.${mixed & 255}`
}

function round(seconds: number): number {
  return Math.round(seconds * 10_000) / 10_000
}
