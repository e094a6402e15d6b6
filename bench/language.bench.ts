import { createLanguageLabeller } from '../src/curate/language/labeller.ts'

type Figures = Record<string, number | string>

const passages = [
  'Could you explain how photosynthesis works, and why the leaves of some trees turn red in autumn?',
  'Kannst du mir erklären, wie die Photosynthese funktioniert und warum sich manche Blätter im Herbst rot färben?',
  "Peux-tu m'expliquer comment fonctionne la photosynthèse et pourquoi certaines feuilles rougissent en automne ?",
  'Можешь объяснить, как работает фотосинтез и почему листья некоторых деревьев краснеют осенью?',
  '你能解释一下光合作用是如何进行的，为什么有些树的叶子在秋天会变红吗？',
  'Bạn có thể giải thích quang hợp hoạt động như thế nào và tại sao lá một số cây chuyển sang màu đỏ không?',
]
const syllables = ['ka', 'ri', 'mon', 'tes', 'vel', 'sha', 'den', 'or', 'plu', 'gi', 'ant', 'ber', 'cho', 'um', 'lis', 'na']

/** Invented words, no two alike, so that the memory of frequent words is no help: the slowest case. */
function inventWord(index: number): string {
  let word = ''
  for (let rest = index + 16; rest > 0; rest = Math.floor(rest / 16)) word += syllables[rest % 16]
  return word
}

/** Texts a second and MB of UTF-8 a second of the language labeller on one core, each text a conversation of one message. */
export async function measureLanguage(texts: readonly string[]): Promise<Figures> {
  const labeller = await createLanguageLabeller()
  const conversations = texts.map((content, at) => ({
    id: String(at),
    model: 'm',
    messages: [{ role: 'user' as const, content }],
    turns: 0,
    source: { file: 'f', line: at },
  }))
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6
  const started = performance.now()
  for (const conversation of conversations) labeller.label(conversation)
  const seconds = (performance.now() - started) / 1000
  return {
    texts: texts.length,
    megabytes: Number(megabytes.toFixed(2)),
    'texts/s': Math.round(texts.length / seconds),
    'MB/s': Number((megabytes / seconds).toFixed(1)),
  }
}

/** The language labeller on single words, on sentences, and on chat messages of some 1,000 letters. */
export const trials: { name: string; run(): Promise<Figures> }[] = [
  { name: 'single words, all different', run: () => measureLanguage(Array.from({ length: 100_000 }, (_, at) => inventWord(at * 7919))) },
  {
    name: 'questions in six languages, each with a word of its own',
    run: () => measureLanguage(Array.from({ length: 50_000 }, (_, at) => `${passages[at % passages.length]} ${inventWord(at)}`)),
  },
  {
    name: 'messages of about 1 KB',
    run: () =>
      measureLanguage(
        Array.from({ length: 20_000 }, (_, at) =>
          Array.from({ length: 10 }, (_, part) => `${passages[at % passages.length]} ${inventWord(at * 10 + part)}`).join('\n'),
        ),
      ),
  },
]
