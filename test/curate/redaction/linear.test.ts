import { beforeAll, describe, expect, test } from 'vitest'
import { createRedactionLabeller, type RedactionLabeller } from '../../../src/curate/redaction/redaction.ts'

let labeller: RedactionLabeller
beforeAll(async () => {
  labeller = await createRedactionLabeller()
})

/**
 * Units of text that some work looks at: single ones, those that searches and patterns pass over, and those that are cut out, folded or compared. A
 * count, since times on a shared machine tell nothing.
 */
function countUnits(work: () => void): number {
  let units = 0
  const restore: (() => void)[] = []
  const replace = <O extends object, K extends keyof O & string>(owner: O, name: K, wrap: (old: O[K]) => O[K]) => {
    const old = owner[name]
    Object.defineProperty(owner, name, { value: wrap(old), configurable: true, writable: true })
    restore.push(() => Object.defineProperty(owner, name, { value: old, configurable: true, writable: true }))
  }
  replace(String.prototype, 'charCodeAt', (old) => {
    return function (this: string, at) {
      units++
      return old.call(this, at)
    }
  })
  for (const name of ['indexOf', 'lastIndexOf'] as const) {
    replace(String.prototype, name, (old) => {
      return function (this: string, text, from) {
        const found = from === undefined ? old.call(this, text) : old.call(this, text, from)
        const start = from ?? (name === 'indexOf' ? 0 : this.length)
        units += 1 + Math.abs((found < 0 ? (name === 'indexOf' ? this.length : 0) : found) - start)
        return found
      }
    })
  }
  for (const name of ['slice', 'toLowerCase', 'normalize', 'trim'] as const) {
    replace(String.prototype, name, (old) => {
      return function (this: string, ...given: unknown[]) {
        const result: string = Reflect.apply(old, this, given)
        units += 1 + result.length
        return result
      }
    })
  }
  replace(RegExp.prototype, 'exec', (old) => {
    return function (this: RegExp, text) {
      const from = this.global || this.sticky ? this.lastIndex : 0
      const match = old.call(this, text)
      units += 1 + (match ? match.index + match[0].length - from : this.sticky ? 0 : Math.max(0, text.length - from))
      return match
    }
  })
  try {
    work()
  } finally {
    for (const undo of restore) undo()
  }
  return units
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
/** Names of which no two are alike, and no more alike where there are few: Annadhv Kowalvski … */
const nameOf = (index: number) => {
  const mixed = (index * 7919) % 17_576
  const [a, b, c] = [mixed % 26, Math.floor(mixed / 26) % 26, Math.floor(mixed / 676)].map((at) => letters[at])
  return `Anna${a}${b} Kowal${c}${a}ski`
}

const hostile: Record<string, (size: number) => string[]> = {
  'one endless word': (size) => ['a'.repeat(size)],
  'one endless word in Han': (size) => ['王'.repeat(size)],
  'capital words': (size) => ['Mary '.repeat(size / 5)],
  'at-signs': (size) => ['@'.repeat(size)],
  'addresses of mail': (size) => ['a.b@example.com, '.repeat(size / 17)],
  handles: (size) => ['thanks @some_body, '.repeat(size / 19)],
  'different names': (size) => [Array.from({ length: size / 20 }, (_, index) => `${nameOf(index)} said hello. `).join('')],
  'different names, one a message': (size) =>
    Array.from({ length: size / 100 }, (_, index) => `My name is ${nameOf(index)} and I am fine.`),
  'a thousand Smiths': (size) => [
    Array.from({ length: size / 20 }, (_, index) => `Mr. ${nameOf(index).split(' ')[0]} Smith came.\n`).join(''),
  ],
  'tags in the input': (size) => [Array.from({ length: size / 20 }, (_, index) => `NAME_${index} met Maria. `).join('')],
  'nested markup': (size) => ['<b>[[(('.repeat(size / 14) + '))]]</b>'.repeat(size / 16)],
  fences: (size) => ['```\n'.repeat(size / 4)],
  'inline code': (size) => ['`a` '.repeat(size / 4)],
  digits: (size) => ['1-'.repeat(size / 2)],
  'numbers of telephones': (size) => ['call +1 415 555 2671 now\n'.repeat(size / 25)],
  streets: (size) => ['1 rue '.repeat(size / 6)],
  'words for passwords': (size) => ['password: '.repeat(size / 10)],
  'slashes and marks': (size) => ['a/b-c_D+'.repeat(size / 8)],
  'zero-width joiners': (size) => ['a\u200d'.repeat(size / 2)],
  'full stops': (size) => ['a.'.repeat(size / 2)],
}

describe('the work of redaction', () => {
  test.each(Object.entries(hostile))('on %s grows as the text does', (_, make) => {
    const work = (size: number) => {
      const conversation = { messages: make(size).map((content) => ({ role: 'user' as const, content })) }
      // Once to learn its words, which is done once in a process.
      labeller.label(conversation)
      return countUnits(() => labeller.label(conversation))
    }
    const once = work(16_000)
    expect(once).toBeGreaterThan(1000)
    // Four times the text: 4 is linear, 16 would be quadratic. Names that share parts are compared with up to 64 others, so these grow up to there.
    expect(work(64_000) / once).toBeLessThan(5.5)
  })
})

test.each(['1 rue ', '1 rue de Lyon, ', 'a@b.example ', '+44 20 7946 0958, ', 'Mary Smith and ', '王小明和', 'password: hunter22, '])(
  'two megabytes of %j are read, though they hold more findings than a call may have arguments',
  (unit) => {
    const content = unit.repeat(Math.ceil(2_000_000 / unit.length))
    expect(labeller.label({ messages: [{ role: 'user', content }] }).spans).toBeDefined()
  },
)
