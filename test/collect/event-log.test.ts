import { spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { ChatEvent } from '../../src/collect/event.ts'
import { type Disk, openEventLog } from '../../src/collect/event-log.ts'

const folderOf = () => mkdtempSync(join(tmpdir(), 'colloquy-log-'))

function chat(id: string, tstamp = Date.UTC(2023, 5, 1) / 1000): ChatEvent {
  const state = {
    conv_id: id,
    model_name: 'echo',
    messages: [
      ['USER', 'hi'],
      ['ASSISTANT', 'hi'],
    ] as const,
    offset: 0,
  }
  return {
    schema: 1,
    type: 'chat',
    tstamp,
    model: 'echo',
    gen_params: { temperature: 0, top_p: 1, max_new_tokens: 1 },
    start: tstamp,
    finish: tstamp,
    finish_reason: 'stop',
    state,
  }
}

const idsIn = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).state.conv_id)

test('what is acknowledged is in the file of its day, in order', async () => {
  const log = await openEventLog(folderOf())
  await Promise.all([log.append(chat('a')), log.append(chat('b')), log.append(chat('c', Date.UTC(2023, 5, 2) / 1000))])
  expect(idsIn(join(log.folder, '2023-06-01-conv.json'))).toEqual(['a', 'b'])
  expect(idsIn(join(log.folder, '2023-06-02-conv.json'))).toEqual(['c'])
  await log.append(chat('d'))
  expect(idsIn(join(log.folder, '2023-06-01-conv.json'))).toEqual(['a', 'b', 'd'])
  await log.close()
})

test('a half line that a killed process left spoils no other line', async () => {
  const folder = folderOf()
  const first = await openEventLog(folder)
  await first.append(chat('a'))
  await first.close()
  appendFileSync(join(first.folder, '2023-06-01-conv.json'), '{"type":"ch')
  const second = await openEventLog(folder)
  await second.append(chat('b'))
  await second.close()
  const lines = readFileSync(join(second.folder, '2023-06-01-conv.json'), 'utf8').split('\n')
  expect(lines[1]).toBe('{"type":"ch')
  expect(JSON.parse(lines[2] ?? '').state.conv_id).toBe('b')
})

test('a clock that jumps over midnight and back puts each event into the file of its own day, and loses none', async () => {
  const log = await openEventLog(folderOf())
  const days = [1, 2, 1, 28, 1, 3, 2, 2, 28, 1, 4, 3]
  for (const [number, day] of days.entries()) await log.append(chat(`${day}.${number}`, Date.UTC(2023, 5, day) / 1000))
  await log.close()
  for (const day of new Set(days)) {
    const wanted = days.flatMap((other, number) => (other === day ? [`${day}.${number}`] : []))
    expect(idsIn(join(log.folder, `2023-06-${String(day).padStart(2, '0')}-conv.json`))).toEqual(wanted)
  }
})

/** A disk with so much room: what fits of a write lands, then the write fails as on a full disk. */
function createSmallDisk() {
  let room = Number.POSITIVE_INFINITY
  const disk: Disk = {
    async open(...given) {
      const file = await open(...given)
      const write = async (bytes: Buffer) => {
        const fitting = bytes.subarray(0, Math.min(room, bytes.length))
        await file.write(fitting)
        room -= fitting.length
        if (fitting.length < bytes.length) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      }
      return new Proxy(file, {
        get(target, name) {
          if (name === 'appendFile' || name === 'writeFile') return write
          const value: unknown = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    },
  }
  return { disk, leave: (bytes: number) => (room = bytes) }
}

test.each([0, 1, 200, 300])(
  'a disk with %i bytes left takes no half of an event, keeps what it has, and goes on when it has room',
  async (bytes) => {
    const { disk, leave } = createSmallDisk()
    const log = await openEventLog(folderOf(), disk)
    const path = join(log.folder, '2023-06-01-conv.json')
    await log.append(chat('a'))
    const before = readFileSync(path, 'utf8')
    leave(bytes)
    const refused = await Promise.allSettled([log.append(chat('b'), chat('b2')), log.append(chat('c'))])
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(refused[0]).toMatchObject({ reason: { code: 'log-unwritable', message: expect.stringContaining('ENOSPC') } })
    expect(readFileSync(path, 'utf8')).toBe(before)
    expect(await log.isWritable()).toBe(false)
    leave(Number.POSITIVE_INFINITY)
    expect(await log.isWritable()).toBe(true)
    await log.append(chat('d'))
    await log.close()
    expect(idsIn(path)).toEqual(['a', 'd'])
  },
)

test('each process has a server number of its own, and gives it back', async () => {
  const folder = folderOf()
  const [a, b] = [await openEventLog(folder), await openEventLog(folder)]
  expect([a.folder, b.folder]).toEqual([join(folder, 'server0'), join(folder, 'server1')])
  await a.close()
  const c = await openEventLog(folder)
  expect(c.folder).toBe(join(folder, 'server0'))
  await b.close()
  await c.close()
})

test('a number whose process is gone is free again', async () => {
  const folder = folderOf()
  const first = await openEventLog(folder)
  await first.close()
  const gone = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => gone.once('exit', resolve))
  writeFileSync(join(folder, '.server0.lock'), String(gone.pid))
  const second = await openEventLog(folder)
  expect(second.folder).toBe(first.folder)
  await second.close()
})

test('kill -9 under load: every acknowledged event is there, once, and at most the last line of a file is half', async () => {
  const folder = folderOf()
  const module = fileURLToPath(new URL('../../dist/collect/event-log.js', import.meta.url))
  const script = `
    const { openEventLog } = await import(${JSON.stringify(module)})
    const log = await openEventLog(process.argv[1])
    for (let n = 0; ; n++) await Promise.all([0, 1, 2, 3].map(async (lane) => {
      const id = process.pid + '-' + n + '-' + lane
      await log.append({ schema: 1, type: 'chat', tstamp: 1685577600, state: { conv_id: id, filler: 'x'.repeat(2000 * lane) } })
      process.stdout.write(id + '\\n')
    }))`
  const acknowledged: string[] = []
  for (let round = 0; round < 10; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder])
    let out = ''
    child.stdout.on('data', (data) => {
      out += data
      if (out.length > 200 + 150 * round) child.kill('SIGKILL')
    })
    await new Promise((resolve) => child.once('close', resolve))
    acknowledged.push(...out.slice(0, out.lastIndexOf('\n')).split('\n'))
  }
  const found = new Map<string, number>()
  for (const server of readdirSync(folder).filter((name) => !name.startsWith('.'))) {
    const lines = readFileSync(join(folder, server, '2023-06-01-conv.json'), 'utf8').split('\n')
    for (const line of lines.filter((text) => text.endsWith('}}'))) {
      const id = JSON.parse(line).state.conv_id
      found.set(id, (found.get(id) ?? 0) + 1)
    }
  }
  expect(acknowledged.length).toBeGreaterThan(50)
  expect(acknowledged.filter((id) => found.get(id) !== 1)).toEqual([])
})
