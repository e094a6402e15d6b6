import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gateForm, readCard } from '../../src/hub/datasets/card.ts'
import { hashBlob, hashCommit, hashTree, sortEntries } from '../../src/hub/datasets/git.ts'
import { checkPath, decodeSegments, encodePath } from '../../src/hub/datasets/paths.ts'
import { HubError } from '../../src/hub/errors.ts'
import { parseRange } from '../../src/hub/protocol/serve-content.ts'
import { headerText } from '../../src/hub/reply.ts'

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
