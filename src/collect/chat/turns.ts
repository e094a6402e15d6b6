import { createHash } from 'node:crypto'
import type { Consent, Message } from '../../conversation.ts'
import { AppError, describeError } from '../../errors.ts'
import { namesModel } from '../arena/leak.ts'
import { samplePair } from '../arena/sample.ts'
import { SiteError } from '../errors.ts'
import type { EventModeration } from '../event.ts'
import type { Origin } from '../guards/address.ts'
import { takeTurn } from '../guards/take.ts'
import { ModelFault, type Parameters } from '../models/model.ts'
import type { Model } from '../models/models.ts'
import type { Site } from '../site.ts'
import { storable } from '../text.ts'
import { type Chat, messagesOf, pathTo, titleOf } from './chat.ts'
import { createLive, type LiveSide, type LiveTurn, storedAnswer } from './live.ts'
import { turnEvents } from './record.ts'
import type { StoredTurn } from './turn.ts'

/** What a person asks for: `parent` null for a new beginning. */
export interface TurnWish {
  key: string
  prompt: string
  parent: string | null
  parameters: Partial<Parameters>
}

/** A turn that was asked for: begun now, under way, or finished before. */
export type Begun = { isNew: boolean; live: LiveTurn } | { isNew: false; turn: StoredTurn }

/**
 * Begins a turn, which then runs whether anyone listens or not. The same key gives the same turn.
 * @throws SiteError `consent-required`, `key-reused`, `turn-running`, `prompt-empty`, `prompt-too-long`, `parent-unknown`, `turns-exhausted`,
 *   `rate-limited`, `models-unavailable`, `log-unwritable`.
 */
export async function beginTurn(site: Site, chat: Chat, wish: TurnWish, origin: Origin): Promise<Begun> {
  const id = createHash('sha256').update(`${chat.id}\n${wish.key}`).digest('hex').slice(0, 32)
  const prompt = storable(wish.prompt)
  const former = findTurn(chat, id, prompt)
  if (former) return former
  const consent = await consentFor(site, chat)
  checkWish(site, chat, { ...wish, prompt })
  await takeTurn(site, chat.person, origin)
  if (chat.keep && !(await site.eventLog.isWritable())) throw unwritable()
  const models = await modelsFor(site, chat)
  // Another request may have come while this one waited.
  const meanwhile = findTurn(chat, id, prompt)
  if (meanwhile) return meanwhile
  if (chat.live) throw running()
  chat.parameters = { ...chat.parameters, ...wish.parameters }
  const live = createLive({ id, parent: wish.parent, prompt, madeAt: site.now().getTime(), sides: models.length })
  chat.live = live
  live.settled = run(site, chat, { live, models, consent })
  return { isNew: true, live }
}

/** The turn that was made with the same key before. */
function findTurn(chat: Chat, id: string, prompt: string): Begun | undefined {
  const former = chat.live?.id === id ? chat.live : chat.turns.get(id)
  if (!former) return undefined
  if (former.prompt !== prompt)
    throw new SiteError(409, 'key-reused', 'This key was used for another prompt. Make a new key for every turn.')
  return 'answers' in former ? { isNew: false, turn: former } : { isNew: false, live: former }
}

/** The consent that a kept conversation's events carry. */
async function consentFor(site: Site, chat: Chat): Promise<Consent | undefined> {
  if (!chat.keep) return undefined
  const consent = await site.people.consentOf(chat.person)
  if (consent?.terms === site.terms.version) return consent
  throw new SiteError(403, 'consent-required', 'Accept the terms first, or chat without being kept.')
}

function checkWish({ limits }: Site, chat: Chat, { prompt, parent }: TurnWish): void {
  if (chat.live) throw running()
  if (prompt.trim() === '') throw new SiteError(400, 'prompt-empty', 'There is nothing in this message.')
  if (prompt.length > limits.promptLength) {
    const words = `This message has ${prompt.length} characters; ${limits.promptLength} are the most. Shorten it.`
    throw new SiteError(400, 'prompt-too-long', words)
  }
  if (parent !== null && !chat.turns.has(parent))
    throw new SiteError(400, 'parent-unknown', 'The turn that this one follows is not in the conversation.')
  if (chat.turns.size >= limits.turns) {
    throw new SiteError(409, 'turns-exhausted', `This conversation has ${limits.turns} turns, which are the most. Begin another.`)
  }
}

const running = () => new SiteError(409, 'turn-running', 'The conversation is still answering. Wait, or stop it.')
const unwritable = () =>
  new SiteError(503, 'log-unwritable', 'This site cannot record conversations at the moment. Nothing is lost; try again later.', {
    retryAfter: 60,
  })

/** The models that answer: those chosen, or, at the first turn of a battle, two that are drawn now. */
async function modelsFor(site: Site, chat: Chat): Promise<Model[]> {
  if (chat.models.length === 0) chat.models = await samplePair(site)
  const models = chat.models.flatMap((name) => site.models.find(name) ?? [])
  if (models.length === chat.models.length) return models
  throw new SiteError(503, 'models-unavailable', 'A model of this conversation is not offered any more. Begin another.', { retryAfter: 60 })
}

interface Run {
  live: LiveTurn
  models: readonly Model[]
  consent: Consent | undefined
}

async function run(site: Site, chat: Chat, { live, models, consent }: Run): Promise<void> {
  try {
    const moderation = await moderate(site, chat, live)
    if (moderation?.action === 'blocked')
      for (const side of live.sides) side.ended = { finish: 'blocked', error: null, atMs: performance.now() }
    else await Promise.all(models.map((model, index) => runSide(site, chat, { live, model, index })))
    const turn = finishedTurn(live)
    const finishedAt = site.now().getTime()
    if (chat.kind === 'battle' && turn.answers.some(({ text }) => namesModel(text, chat.models))) chat.hasLeaked = true
    if (consent) await site.eventLog.append(...turnEvents(chat, turn, { consent, finishedAt, moderation }))
    chat.turns.set(turn.id, turn)
    chat.head = turn.id
    chat.updatedAt = finishedAt
    if (chat.title === '') chat.title = titleOf(turn.prompt)
    site.meters.turn(turn.answers.map((answer, index) => ({ model: chat.models[index] ?? '', ...answer })))
    await site.store.saveTurn(chat, turn)
    live.done = turn
  } catch (error) {
    const known = error instanceof AppError && error.code === 'log-unwritable'
    if (!known)
      site.log.error('chat.turn-failed', {
        error: error instanceof Error ? error.name : 'unknown',
        reason: describeError(error).slice(0, 80),
      })
    // What is in the log is acknowledged even where the database fails: it is taken up again at the next start.
    if (chat.turns.has(live.id)) live.done = chat.turns.get(live.id)
    else live.lost = { code: known ? 'log-unwritable' : 'internal', message: unwritable().message }
    site.meters.refusal(known ? 'log-unwritable' : 'internal')
  } finally {
    chat.live = undefined
    live.wake()
  }
}

/** Asks the input moderation about what each side is about to read. A moderation that fails says nothing, and is counted. */
async function moderate(site: Site, chat: Chat, live: LiveTurn): Promise<EventModeration | undefined> {
  if (!site.moderate) return undefined
  const { moderate: ask } = site
  try {
    const path = pathTo(chat, live.parent)
    const verdicts = await Promise.all(
      live.sides.map((_, side) => ask([...messagesOf(path, side), { role: 'user', content: live.prompt }])),
    )
    if (!verdicts.some(({ flagged }) => flagged)) return undefined
    const categories = [...new Set(verdicts.flatMap((verdict) => verdict.categories))]
    const isBlocked = site.options.moderation === 'block'
    live.notice = isBlocked
      ? { code: 'moderation-blocked', message: `This message was not answered: it may be ${words(categories)}. Put it in other words.` }
      : { code: 'moderation-warned', message: `This message may be ${words(categories)}. Please keep to the terms.` }
    live.wake()
    site.meters.moderation(isBlocked ? 'blocked' : 'warned')
    return { action: isBlocked ? 'blocked' : 'warned', categories }
  } catch {
    site.meters.refusal('moderation-failed')
    return undefined
  }
}

const words = (categories: readonly string[]): string => (categories.length === 0 ? 'against the terms' : categories.join(', '))

async function runSide(site: Site, chat: Chat, { live, model, index }: { live: LiveTurn; model: Model; index: number }): Promise<void> {
  const side = live.sides[index]
  if (!side) return
  const { config } = model
  const parameters = { ...chat.parameters, maxTokens: Math.min(chat.parameters.maxTokens, config.maxTokens) }
  const system: Message[] = config.systemPrompt === undefined ? [] : [{ role: 'system', content: config.systemPrompt }]
  const messages: Message[] = [...system, ...messagesOf(pathTo(chat, live.parent), index), { role: 'user', content: live.prompt }]
  site.meters.open(config.name)
  let ending: Ending = { finish: 'error', error: 'model-failed' }
  try {
    for await (const part of model.answer({ messages, parameters }, live.stopping.signal)) {
      if (part.kind === 'end') ending = { finish: part.finish, error: null }
      else {
        side.firstTokenMs ??= performance.now() - side.startedAt
        side.pieces++
        side.text.add(part.text)
      }
      live.wake()
    }
  } catch (error) {
    if (live.stopping.signal.aborted) ending = { finish: 'stopped', error: null }
    else if (error instanceof ModelFault) ending = { finish: 'error', error: error.code }
  } finally {
    site.meters.close(config.name)
    const atMs = performance.now()
    // Before its end is told, so that a page that covers it does so at once.
    side.categories = await findCategories(site, [...messages, { role: 'assistant', content: side.text.whole() }])
    side.ended = { ...ending, atMs }
    live.wake()
  }
}

type Ending = Omit<NonNullable<LiveSide['ended']>, 'atMs'>

/** What the moderation finds in an answer; nothing where there is none, or where it fails. */
async function findCategories(site: Site, messages: readonly Message[]): Promise<readonly string[]> {
  if (!site.moderate || messages.at(-1)?.content === '') return []
  try {
    const { flagged, categories } = await site.moderate(messages)
    if (!flagged) return []
    site.meters.moderation('covered')
    return categories.length > 0 ? categories : ['flagged']
  } catch {
    site.meters.refusal('moderation-failed')
    return []
  }
}

function finishedTurn({ id, parent, prompt, madeAt, notice, sides }: LiveTurn): StoredTurn {
  return { id, parent, prompt, madeAt, notice, answers: sides.map(storedAnswer) }
}
