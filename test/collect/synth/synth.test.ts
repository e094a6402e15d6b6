import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isValidIBAN } from 'ibantools'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { loadSynthData } from '../../../src/collect/synth/data.ts'
import { writeSynth } from '../../../src/collect/synth/folder.ts'
import { synthesise } from '../../../src/collect/synth/synthesise.ts'
import type { ConversationTruth, SummaryTruth, Truth } from '../../../src/collect/synth/truth.ts'

const data = loadSynthData()
const folder = mkdtempSync(join(tmpdir(), 'synth-'))
afterAll(() => rmSync(folder, { recursive: true }))

const stateShape = z.object({
  conv_id: z.string(),
  offset: z.number(),
  messages: z.array(z.tuple([z.string(), z.string()])),
  model_name: z.string(),
})
const chatShape = z.object({ tstamp: z.number(), type: z.literal('chat'), model: z.string(), state: stateShape, ip: z.string() })

interface Found {
  lines: number
  tstamp: number
  messages: string[]
}

function isTruth<T extends Truth['type']>(type: T) {
  return (truth: Truth): truth is Extract<Truth, { type: T }> => truth.type === type
}

describe('2,000 conversations', () => {
  const files = new Map<string, string[]>()
  const truths: Truth[] = []
  const found = new Map<string, Found>()
  let conversations: ConversationTruth[] = []
  let summary: SummaryTruth | undefined

  beforeAll(() => {
    for (const output of synthesise(data, { conversations: 2000, seed: 7 })) {
      if (output.to === 'truth') truths.push(output.truth)
      else files.set(output.file, [...(files.get(output.file) ?? []), output.bytes.toString('utf8').slice(0, -1)])
    }
    conversations = truths.filter(isTruth('conversation'))
    summary = truths.find(isTruth('summary'))
    for (const line of [...files.values()].flat().filter((text) => text.startsWith('{"tstamp"'))) {
      const parsed = chatShape.safeParse(parseOrNull(line))
      if (!parsed.success) continue
      const { conv_id: id, messages, offset } = parsed.data.state
      const { tstamp } = parsed.data
      const before = found.get(id)
      const lines = (before?.lines ?? 0) + 1
      // A conversation may go on on another server: the latest line counts, not the one of the last file.
      if (before && before.tstamp > tstamp) found.set(id, { ...before, lines })
      else found.set(id, { lines, tstamp, messages: messages.slice(offset).map(([, text]) => text) })
    }
  })

  test('are as many as asked, each with all its lines in the log', () => {
    expect(conversations).toHaveLength(2000)
    for (const truth of conversations) {
      expect(found.get(truth.id)?.lines).toBe(truth.lines)
      expect(found.get(truth.id)?.messages).toHaveLength(2 * truth.turns)
    }
  })

  test('hold every planted value at its place, and the kinds validate', () => {
    const kinds = new Set<string>()
    for (const { id, entities } of conversations)
      for (const { message, start, end, kind, value } of entities) {
        kinds.add(kind)
        expect(found.get(id)?.messages[message]?.slice(start, end)).toBe(value)
        if (kind === 'CARD') expect(hasLuhn(value.replaceAll(/\D/g, '')), value).toBe(true)
        if (kind === 'IBAN') expect(isValidIBAN(value.replaceAll(' ', '')), value).toBe(true)
        if (kind === 'EMAIL') expect(value).toMatch(/^[a-z0-9._]+@[a-z0-9.-]+\.(com|org|net|example)$/)
        if (kind === 'IP') expect(value).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}$/)
        if (kind === 'PHONE' && value.startsWith('+')) expect(parsePhoneNumberFromString(value)?.isValid(), value).toBe(true)
      }
    expect(kinds.size).toBeGreaterThan(15)
  })

  test('tell who is meant: all mentions of a person are tied by names that they share, and no two persons share one', () => {
    for (const { id, entities } of conversations) {
      const mentions = new Map<string, string[]>()
      for (const { kind, entity, value } of entities)
        if (kind === 'PERSON') mentions.set(entity, [...(mentions.get(entity) ?? []), value.toLowerCase()])
      for (const values of mentions.values()) expect(tied(values), `${id}: ${values}`).toEqual(new Set(values))
      const words = [...mentions.values()].map((values) => new Set(values.flatMap((value) => value.split(' '))))
      const all = words.flatMap((own) => [...own])
      expect(new Set(all).size, `${id}: ${all}`).toBe(all.length)
    }
  })

  test('are counted by the summary: conversations, turns, entities, lines and damaged lines', () => {
    const all = [...files.values()].flat()
    const sum = (counts: Record<string, number> = {}) => Object.values(counts).reduce((total, count) => total + count, 0)
    expect(summary?.conversations).toBe(conversations.length)
    expect(summary?.files).toBe(files.size)
    expect(sum(summary?.lines)).toBe(all.length)
    expect(sum(summary?.damaged)).toBe(summary?.lines.damaged ?? 0)
    expect(summary?.lines.chat).toBe(conversations.reduce((total, { lines }) => total + lines, 0))
    expect(sum(summary?.entities)).toBe(conversations.reduce((total, { entities }) => total + entities.length, 0))
    expect(sum(summary?.languages)).toBe(2000)
    expect(summary?.users).toBe(new Set(conversations.map(({ user }) => user)).size)
    for (const { file, line, kind } of truths.filter(isTruth('damaged-line'))) {
      const text = files.get(file)?.[line - 1] ?? ''
      const isReadable = chatShape.safeParse(parseOrNull(text)).success && kind !== 'invalid-utf8'
      expect(isReadable && !/upvote|downvote|vote|flag|share/.test(text), `${kind} ${text.slice(0, 80)}`).toBe(false)
    }
  })

  test('lie in files by server and day, in order of time', () => {
    for (const [file, lines] of files) {
      expect(file).toMatch(/^server\d+\/2023-\d\d-\d\d-conv\.json$/)
      const times = lines.map(parseOrNull).flatMap((line) => z.object({ tstamp: z.number() }).safeParse(line).data?.tstamp ?? [])
      expect(times).toEqual([...times].sort((left, right) => left - right))
      for (const time of times) expect(new Date(time * 1000).toISOString().slice(0, 10)).toBe(file.slice(-20, -10))
    }
  })

  test('make duplicates as the key says', () => {
    const groups = new Map<string, ConversationTruth[]>()
    for (const truth of conversations) {
      const { kind = 'template', group = '' } = truth.duplicate ?? {}
      if (kind !== 'template') groups.set(group, [...(groups.get(group) ?? []), truth])
    }
    let several = 0
    for (const [group, members] of groups) {
      if (members.length < 2) continue
      several++
      const texts = members.map(({ id }) => found.get(id)?.messages ?? [])
      const prompts = texts.map((messages) => messages.filter((_, index) => index % 2 === 0).join('\n'))
      if (group.startsWith('exact')) expect(new Set(texts.map((messages) => messages.join('\n'))).size, group).toBe(1)
      if (group.startsWith('prompts') || group.startsWith('greeting')) expect(new Set(prompts).size, group).toBe(1)
      if (group.startsWith('near')) expect(new Set(prompts).size, group).toBeGreaterThan(1)
    }
    expect(several).toBeGreaterThan(20)
  })

  test('mark unsafe messages, faults, battles and many languages', () => {
    expect(new Set(conversations.map(({ language }) => language.name)).size).toBeGreaterThan(25)
    for (const { id, unsafe, turns, faults } of conversations) {
      for (const { message } of unsafe) expect(message).toBeLessThan(2 * turns)
      const last = found.get(id)?.messages.at(-1) ?? ''
      if (faults.includes('network-error')) expect(last).toContain('NETWORK ERROR DUE TO HIGH TRAFFIC')
      if (faults.includes('cursor')) expect(last.endsWith('▌')).toBe(true)
      if (faults.includes('empty-answer')) expect(last).toBe('')
    }
    for (const { id, battle } of conversations) {
      if (!battle) continue
      const other = conversations.find((truth) => truth.id === battle.other)
      expect(other?.battle?.other).toBe(id)
    }
  })
})

function hasLuhn(digits: string): boolean {
  const values = [...digits].reverse().map((digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 2))
  return values.reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0) % 10 === 0
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function readTree(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(root, name)).toString('base64')]))
}

test('the same seed gives the same bytes, another seed others', async () => {
  const paths = ['a', 'b', 'c'].map((name) => ({ out: join(folder, name, 'logs'), truth: join(folder, name, 'truth.jsonl') }))
  for (const [index, path] of paths.entries()) await writeSynth(data, { conversations: 120, seed: index === 2 ? 6 : 5, ...path })
  const [a, b, c] = paths.map(({ out, truth }) => ({ logs: readTree(out), truth: readFileSync(truth, 'utf8') }))
  expect(a).toEqual(b)
  expect(a?.truth).not.toEqual(c?.truth)
})

test('one conversation and odd numbers beside battles are exact', async () => {
  for (const conversations of [1, 2, 3, 17]) {
    const summary = await writeSynth(data, { conversations, seed: 3, out: join(folder, 'few') })
    expect(summary.conversations).toBe(conversations)
  }
})

test('a folder that holds anything else is not replaced, and an interrupted run leaves nothing', async () => {
  const out = join(folder, 'foreign')
  await writeSynth(data, { conversations: 5, seed: 1, out })
  writeFileSync(join(out, 'notes.txt'), 'mine')
  await expect(writeSynth(data, { conversations: 5, seed: 1, out })).rejects.toMatchObject({ code: 'out-exists' })
  const stopped = join(folder, 'stopped')
  await expect(writeSynth(data, { conversations: 2500, seed: 1, out: stopped, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'interrupted',
  })
  expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([])
})

test('the sample logs of the repository are what the command of examples/README.md writes', async () => {
  const out = join(folder, 'sample')
  await writeSynth(data, { conversations: 300, seed: 145, out })
  const [sample, repository] = [readTree(out), readTree(fileURLToPath(new URL('../../../examples/logs', import.meta.url)))]
  expect(Object.keys(repository)).toEqual(Object.keys(sample))
  // Compared one by one: a difference names its file instead of printing megabytes. When synth changes on purpose, run the command again.
  expect(Object.keys(sample).filter((name) => sample[name] !== repository[name])).toEqual([])
})

/** The values that one reaches from the first by words in common; an initial stands for every word that begins so. */
function tied(values: readonly string[]): Set<string> {
  const reached = new Set(values.slice(0, 1))
  const shares = (one: string, other: string) =>
    one.split(' ').some((word) => other.split(' ').some((own) => own === word || (word.endsWith('.') && own.startsWith(word.slice(0, -1)))))
  for (let before = 0; before < reached.size; ) {
    before = reached.size
    for (const value of values) if ([...reached].some((other) => shares(value, other) || shares(other, value))) reached.add(value)
  }
  return reached
}
