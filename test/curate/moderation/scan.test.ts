import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashPhrase, hashWord } from '../../../src/curate/moderation/hash.ts'
import { buildLexicon } from '../../../src/curate/moderation/lexicon.ts'
import { createScanner } from '../../../src/curate/moderation/scan.ts'
import { addKnown, isKnown, type Vocabulary } from '../../../src/curate/moderation/vocabulary.ts'

const known = 'i us want to stop my loud printer today it is as bad and bold wise tool the'.split(' ')
const listed = ['murder', 'idiot', 'fool', 'ass', 'get lost']
const vocabulary: Vocabulary = { bits: new Uint8Array(2 ** 16) }
for (const word of known) addKnown(vocabulary, hashWord(word))
const lexicon = buildLexicon(new Map(listed.map((term, concept) => [hashPhrase(term.split(' ')), [concept]])), listed.length)
const scan = createScanner({ lexicon, vocabulary, bucketBits: 10 })
const names = new Map([...known, ...listed].map((word) => [hashWord(word), word]))

/** The words that the scanner reads, `?` for one that it does not know. */
function read(text: string): string {
  const words: string[] = []
  scan(text, ({ tokens, words: count }) => {
    for (const token of tokens.subarray(0, count)) words.push(names.get(token) ?? '?')
  })
  return words.join(' ')
}

test.each([
  ['l33t', '1 w4nt t0 st0p my l0ud pr1nt3r', '? want to stop my loud printer'],
  ['signs for letters', 'f00l, id!0t? @$$ a$$', 'fool idiot ass ass'],
  ['1 for l', 'foo1 bo1d', 'fool bold'],
  ['I for l', 'fooI boId', 'fool bold'],
  ['look-alike letters of other scripts', 'mυrdеr tоdау wаnτ', 'murder today want'],
  ['asterisks for vowels', 'm*rder pr*nter *', 'murder printer'],
  ['signs between letters', 'm*u*r*d*e*r i-d-i-o-t f.o.o.l f_o_o_l', 'murder idiot fool fool'],
  ['letters spaced out', 'my m u r d e r', 'my murder'],
  ['words spaced out', 'i  w a n t  t o  m u r d e r', 'i want to murder'],
  ['a whole sentence spaced out, words too', 'i w a n t t o m u r d e r m y f o o l', 'i want to murder my fool'],
  ['dots within words', 'I w.a.n.t t.o m.u.r.d.e.r', 'i want to murder'],
  ['stretched letters', 'fooooool baaad', 'fool bad'],
  ['small capitals, circles, squares', 'ᴍᴜʀᴅᴇʀ ⓜⓤⓡⓓⓔⓡ or 🄼🅄🅁🄳🄴🅁 🅼🆄🆁🅳🅴🆁', 'murder murder ? murder murder'],
  ['mathematical and wide letters, accents, zero-width characters', '𝐦𝐮𝐫𝐝𝐞𝐫 ｆｏｏｌ mürdér mur\u200bder', 'murder fool murder murder'],
])('reads %s', (_, text, words) => {
  expect(read(text)).toBe(words)
})

test.each([
  ['words before signs', 'is it bad? bold: today; "printer" (tool)!', 'is it bad bold today printer tool'],
  ['bold and code marks', '**bold** *and* __wise__', 'bold and wise'],
  ['names with @', '@fool @murder', '? ?'],
  ['abbreviations and letters alone', 'i. is it a, b or c? the U.S. is bad', 'i is it ? ? ? ? the ? ? is bad'],
  ['sums of money and sums', '5 * 3 $100 it is 3!', '? ? ? it is ?'],
])('leaves %s as they are', (_, text, words) => {
  expect(read(text)).toBe(words)
})

test('reads any text in time linear in its length, the same each time', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'I', '1', '*', '.', '-', ' ', '@', '$', '!', 'о', '\n', '𝐦'), maxLength: 300 }),
      (text) => {
        expect(read(text)).toBe(read(text))
      },
    ),
  )
  expect(read('a '.repeat(300_000)).length).toBeGreaterThan(0)
  expect(read('m.'.repeat(300_000)).length).toBeGreaterThan(0)
})

test('takes hardly a word for known that was not added', () => {
  const full: Vocabulary = { bits: new Uint8Array(2 ** 16) }
  for (let at = 0; at < 15_000; at += 1) addKnown(full, hashWord(`known${at}`))
  const wrong = Array.from({ length: 20_000 }, (_, at) => isKnown(full, hashWord(`other${at}`))).filter(Boolean).length
  expect(wrong / 20_000).toBeLessThan(0.01)
  expect(isKnown(full, hashWord('known7'))).toBe(true)
})
