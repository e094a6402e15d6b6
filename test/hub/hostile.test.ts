import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gateForm, readCard } from '../../src/hub/datasets/card.ts'
import { hashBlob, hashCommit, hashTree, sortEntries } from '../../src/hub/datasets/git.ts'
import { checkPath, decodeSegments, encodePath } from '../../src/hub/datasets/paths.ts'
import { HubError } from '../../src/hub/errors.ts'
import { openReaders } from '../../src/hub/index/readers.ts'
import { parseRange } from '../../src/hub/protocol/serve-content.ts'
import { headerText } from '../../src/hub/reply.ts'
import { matchesGlob } from '../../src/hub/viewer/layout.ts'
import { conversationsParquet, startTestHub, type TestHub } from './test-hub.ts'

const nasty = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('..', '.', '%2e%2e', '%', '/', '\\', '\0', '%00', '..%2f', '.git'),
)

test('a path that is accepted stays inside the dataset; every other is refused with words', () => {
  fc.assert(
    fc.property(fc.array(nasty, { maxLength: 5 }), (parts) => {
      const path = parts.join('/')
      try {
        const segments = checkPath(path).split('/')
        expect(segments.every((name) => name !== '' && name !== '.' && name !== '..' && !name.includes('\\'))).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(HubError)
      }
    }),
  )
})

test('what is encoded for a URL is decoded to the same path', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => !/[/\\\p{Cc}\p{Cs}]/u.test(text) && text !== '.' && text !== '..')
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
      expect(decodeSegments(`/x/${encodePath(names.join('/'))}`, 1)).toEqual(names)
    }),
  )
})

test('raw paths never fail otherwise than by a clear refusal', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      try {
        decodeSegments(`/a/${text}`, 1)
      } catch (error) {
        expect(error).toBeInstanceOf(HubError)
      }
    }),
  )
})

test('a range lies inside the file, whatever the header says', () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
    fc.nat().map((n) => `bytes=-${n}`),
  )
  fc.assert(
    fc.property(header, fc.nat(1000), (text, size) => {
      const range = parseRange(text, size)
      if (range === undefined || range === 'unsatisfiable') return
      expect(range.start).toBeGreaterThanOrEqual(0)
      expect(range.end).toBeGreaterThanOrEqual(range.start)
      expect(range.end).toBeLessThanOrEqual(size)
    }),
  )
})

test('a card of any content is read without failing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (head, text) => {
      const card = readCard(`---\n${head}\n---\n${text}`)
      expect(Array.isArray(card.errors)).toBe(true)
      gateForm(card.data)
    }),
  )
})

test('a card that grows by aliases is refused, not expanded', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
  for (let n = 1; n < 12; n += 1)
    lines.push(
      `a${n}: &a${n} [${Array(9)
        .fill(`*a${n - 1}`)
        .join(', ')}]`,
    )
  expect(readCard(`---\n${lines.join('\n')}\n---\n`).errors).not.toEqual([])
})

test('a card with keys of prototypes changes no prototype', () => {
  readCard('---\n__proto__:\n  polluted: yes\nconstructor:\n  prototype: 1\n---\n')
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

test('words for a header never break its line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(headerText(text)).toMatch(/^[\x20-\x7e]*$/)
    }),
  )
})

test('ids are git’s own', () => {
  // git hash-object; git mktree; git commit-tree, run once on the same content.
  expect(hashBlob(Buffer.from('hello world'))).toBe('95d09f2b10159347eece71399a7e2e907ea3df4f')
  expect(hashTree([])).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904')
  expect(hashCommit({ tree: '4b825dc642cb6eb9a060e54bf8d69288fbee4904', author: 'ann', at: new Date(0), message: 'x' })).toMatch(
    /^[0-9a-f]{40}$/,
  )
  const file = (name: string) => ({ type: 'file' as const, name, oid: '', sha256: '', sizeBytes: 0, isLarge: false })
  expect(sortEntries([{ type: 'directory', name: 'a', oid: '' }, file('a-b'), file('a.b')]).map(({ name }) => name)).toEqual([
    'a-b',
    'a.b',
    'a',
  ])
})

test('a glob of a card means what it says, and takes no time to speak of', () => {
  expect(['data/train-0.parquet', 'data/x/train-0.parquet', 'train-0.parquet'].map((path) => matchesGlob('data/train-*', path))).toEqual([
    true,
    false,
    false,
  ])
  expect(matchesGlob('**/*.parquet', 'a/b/c.parquet')).toBe(true)
  expect(matchesGlob('**/*.parquet', 'c.parquet')).toBe(true)
  expect(matchesGlob('d?ta/[x].parquet', 'data/[x].parquet')).toBe(true)
  expect(matchesGlob(`${'*a'.repeat(200)}b`, 'a'.repeat(250))).toBe(false)
})

describe('Parquet from strangers', () => {
  let hub: TestHub
  let token: string
  let whole: Buffer
  beforeAll(async () => {
    hub = await startTestHub()
    ;({ token } = await hub.user('ann'))
    whole = await conversationsParquet(
      hub.folder,
      Array.from({ length: 50 }, (_, n) => ({ id: `c${n}`, model: 'm', texts: ['question', 'answer'] })),
    )
  })
  afterAll(() => hub.close())

  const footerLength = () => whole.readUInt32LE(whole.length - 8)
  const changed = (change: (bytes: Buffer) => Buffer | undefined) => {
    const bytes = Buffer.from(whole)
    return change(bytes) ?? bytes
  }
  const publish = async (name: string, file: Buffer) => {
    await hub.call('POST', '/api/repos/create', { token, body: { name, type: 'dataset' } })
    return hub.commit(`ann/${name}`, token, { 'data/train-00000-of-00001.parquet': file })
  }
  const routes = [
    'is-valid',
    'splits',
    'status',
    'first-rows',
    'rows',
    'search',
    'filter',
    'facets',
    'statistics',
    'size',
    'info',
    'parquet',
    'sample',
  ]
  const askAll = async (name: string) => {
    const query = `dataset=ann/${name}&config=default&split=train&query=answer&where=${encodeURIComponent('"turn" > 0')}`
    const found: string[] = []
    for (const route of routes) {
      const response = await hub.call('GET', `/api/viewer/${route}?${query}`)
      const code = response.headers.get('x-error-code')
      found.push(response.status === 200 ? 'ok' : `${response.status} ${code}`)
    }
    return found
  }

  test.each<[string, () => Buffer]>([
    ['an-empty-file', () => Buffer.alloc(0)],
    ['no-parquet', () => Buffer.from('PAR1 this is no Parquet PAR1')],
    ['a-cut-file', () => whole.subarray(0, whole.length - 20)],
    ['a-footer-longer-than-the-file', () => changed((bytes) => void bytes.writeUInt32LE(0x7fffffff, bytes.length - 8))],
    ['a-footer-of-no-length', () => changed((bytes) => void bytes.writeUInt32LE(0, bytes.length - 8))],
    ['a-footer-of-noise', () => changed((bytes) => void bytes.fill(0xff, bytes.length - 8 - footerLength(), bytes.length - 8))],
    ['pages-of-noise', () => changed((bytes) => void bytes.fill(0xa5, 4, bytes.length - 8 - footerLength()))],
    ['wrong-offsets', () => Buffer.concat([whole.subarray(0, 4), Buffer.alloc(64, 1), whole.subarray(4)])],
    ['a-zip-named-parquet', () => Buffer.from('504b0304140000000800', 'hex')],
  ])('%s is refused in words, and the server goes on', async (name, make) => {
    await publish(name, make())
    const answers = await askAll(name)
    expect(answers.filter((answer) => !/^(ok|500 TooBigContentError|500 ResponseNotReady|500 DamagedFile|422 \w+)$/.test(answer))).toEqual(
      [],
    )
    expect((await hub.call('GET', '/api/health')).status).toBe(200)
  })

  test('bytes changed anywhere never end the server, and a sound file beside is still served', async () => {
    await publish('sound', whole)
    for (let round = 0; round < 6; round += 1) {
      const noise = changed((bytes) => {
        for (let n = 0; n < 8; n += 1) bytes[4 + ((round * 7919 + n * 104_729) % (bytes.length - 8))] = (round * 31 + n * 17) & 255
        return undefined
      })
      await publish(`noise-${round}`, noise)
      const answers = await askAll(`noise-${round}`)
      expect(
        answers.filter((answer) => !/^(ok|500 TooBigContentError|500 ResponseNotReady|500 DamagedFile|422 \w+)$/.test(answer)),
      ).toEqual([])
    }
    expect(await askAll('sound')).toEqual(routes.map(() => 'ok'))
  })
})

test('a deletion’s search of a Parquet file with any bytes changed ends, with rows or with words', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-strangers-'))
  // A thread that such a file has caught is ended after its time; the next question gets another.
  const threads = openReaders(1, 5000)
  const texts = ['hello there', 'x'.repeat(50)]
  const whole = await conversationsParquet(
    folder,
    Array.from({ length: 20 }, (_, n) => ({ id: `c${n}`, model: 'm', texts })),
  )
  const search = (bytes: Buffer) => {
    const path = join(folder, 'file.parquet')
    writeFileSync(path, bytes)
    return threads.ask('namedRows', { file: { path, sizeBytes: bytes.length }, conversations: new Set(['c3']), users: new Set() })
  }
  // The footer says where everything else lies: changes there do most.
  const place = fc.oneof(fc.nat(whole.length - 1), fc.integer({ min: whole.length - 700, max: whole.length - 1 }))
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = Buffer.from(whole)
        for (const [at, value] of changes) bytes[at] = value
        const found = await search(bytes).catch((error: unknown) => error)
        if (Array.isArray(found)) return
        expect(found).toBeInstanceOf(HubError)
        expect(found).toMatchObject({ code: expect.stringMatching(/^(DamagedFile|TooBigContentError)$/) })
      }),
      { numRuns: 100, interruptAfterTimeLimit: 30_000 },
    )
    expect(await search(whole)).toEqual([{ row: 3, id: 'c3', user: null }])
  } finally {
    await threads.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
