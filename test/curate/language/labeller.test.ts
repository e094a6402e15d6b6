import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { Message, Role } from '../../../src/conversation.ts'
import type { Labeller } from '../../../src/curate/labeller.ts'
import { createLanguageLabeller, type LanguageLabel } from '../../../src/curate/language/labeller.ts'

let labeller: Labeller<LanguageLabel>
beforeAll(async () => {
  labeller = await createLanguageLabeller()
})

async function label(...texts: (string | [Role, string])[]): Promise<LanguageLabel> {
  const messages: Message[] = texts.map((text, at) =>
    typeof text === 'string' ? { role: at % 2 === 0 ? 'user' : 'assistant', content: text } : { role: text[0], content: text[1] },
  )
  return labeller.label({ id: 'c', model: 'm', messages, turns: 1, source: { file: 'f', line: 1 } })
}
const nameOf = async (text: string) => (await label(text)).name

test.each([
  ['English', 'en', 'Could you help me write a letter to my landlord?'],
  ['German', 'de', 'Kannst du mir bitte bei meinen Hausaufgaben helfen?'],
  ['French', 'fr', "Pouvez-vous m'aider à écrire une lettre à mon propriétaire ?"],
  ['Spanish', 'es', '¿Puedes ayudarme a escribir una carta para mi jefe?'],
  ['Portuguese', 'pt', 'Você pode me ajudar a escrever uma carta para o meu chefe? Não sei como começar.'],
  ['Italian', 'it', 'Puoi aiutarmi a scrivere una lettera al mio capo? Non so come cominciare.'],
  ['Dutch', 'nl', 'Kun je mij helpen met het schrijven van een brief aan mijn huisbaas?'],
  ['Norwegian', 'no', 'Kan du hjelpe meg med å skrive et brev til utleieren min? Jeg vet ikke hvordan jeg skal begynne.'],
  ['Swedish', 'sv', 'Kan du hjälpa mig att skriva ett brev till min hyresvärd?'],
  ['Polish', 'pl', 'Czy możesz mi pomóc napisać list do mojego szefa?'],
  ['Turkish', 'tr', 'Ev sahibime bir mektup yazmama yardım eder misin?'],
  ['Vietnamese', 'vi', 'Bạn có thể giúp tôi viết một bức thư không?'],
  ['Russian', 'ru', 'Помоги мне, пожалуйста, написать письмо начальнику'],
  ['Ukrainian', 'uk', 'Допоможіть мені, будь ласка, написати листа керівникові'],
  ['Arabic', 'ar', 'هل يمكنك مساعدتي في كتابة رسالة إلى مديري؟'],
  ['Persian', 'fa', 'آیا می‌توانید به من کمک کنید تا نامه‌ای بنویسم؟'],
  ['Hindi', 'hi', 'क्या आप मुझे एक पत्र लिखने में मदद कर सकते हैं?'],
  ['Chinese', 'zh', '你能帮我写一封信给房东吗？'],
  ['Japanese', 'ja', '大家さんへの手紙を書くのを手伝ってくれますか。'],
  ['Korean', 'ko', '편지 쓰는 것을 도와주실 수 있나요?'],
  ['Thai', 'th', 'ช่วยฉันเขียนจดหมายหน่อยได้ไหม'],
  ['Greek', 'el', 'Μπορείς να με βοηθήσεις να γράψω ένα γράμμα;'],
  ['Hebrew', 'he', 'אתה יכול לעזור לי לכתוב מכתב?'],
  ['Georgian', 'ka', 'შეგიძლიათ დამეხმაროთ წერილის დაწერაში?'],
])('names %s', async (name, code, text) => {
  expect(await label(text)).toMatchObject({ name, code, messages: [{ name, code }] })
})

test.each([
  ['nothing', ''],
  ['white space', ' \n\t '],
  ['digits', '12 345.67 + 89 = ?'],
  ['emoji', '😀👍🏽 🎉 ❤️'],
  ['a fenced block', '```python\nprint("hello dear world")\n```'],
  ['an open fence', '```\nfor each word in the sentence'],
  ['an address', 'https://example.org/hello/world?question=answer'],
  ['an e-mail address', 'some.body@example.org'],
  ['markup', '<div class="main"><p></p></div>'],
])('says unknown to %s', async (_, text) => {
  expect(await label(text)).toMatchObject({ name: 'unknown', code: 'und' })
})

test('code, addresses and markup around a sentence do not change its language', async () => {
  const text =
    'Warum läuft das nicht? Siehe https://example.org/this/is/english/text\n```js\n// this is the main loop of the program\nwhile (true) { doSomething() }\n```\n<b>'
  expect(await nameOf(text)).toBe('German')
})

test('technical English words do not make a Russian or Japanese question English', async () => {
  expect(await nameOf('Как установить Docker Compose на Ubuntu Server?')).toBe('Russian')
  expect(await nameOf('PythonでJSONファイルを読むには？')).toBe('Japanese')
})

test('accents apart from their letters are read as letters with accents', async () => {
  const text = 'Můžeš mi prosím pomoci napsat dopis? Děkuji, je to důležité.'
  expect(await label(text.normalize('NFD'))).toEqual(await label(text))
})

test('case does not matter', async () => {
  expect(await nameOf('WIE GEHT ES DIR HEUTE, MEIN LIEBER FREUND?')).toBe('German')
})

test('all messages count: a short greeting does not decide for the conversation', async () => {
  const french = "D'accord, alors explique-moi comment fonctionne la photosynthèse, s'il te plaît."
  expect(
    await label('Hello', 'Bonjour, comment puis-je vous aider ?', french, 'La photosynthèse transforme la lumière en énergie.'),
  ).toMatchObject({
    name: 'French',
  })
})

test('where they disagree, what the person wrote outweighs a longer answer', async () => {
  const question = 'Please translate this short note about my holiday into Spanish for me.'
  const answer =
    'Claro, aquí tienes la traducción: mis vacaciones en la playa fueron maravillosas, y espero volver pronto con toda mi familia y mis amigos.'
  const { name, confidence, messages } = await label(question, answer)
  expect(name).toBe('English')
  expect(messages.map((message) => message.name)).toEqual(['English', 'Spanish'])
  expect(confidence).toBeLessThan(messages[0]?.confidence ?? 0)
})

test('a message without language leaves the vote to the others', async () => {
  const { name, messages } = await label('2 + 2?', 'Das Ergebnis der Rechnung ist vier.')
  expect([name, messages[0]?.name]).toEqual(['German', 'unknown'])
})

test('an uncertain word takes the language of its conversation', async () => {
  expect((await label('Recursion')).messages[0]?.confidence).toBeLessThan(0.6)
  const { messages } = await label('Recursion', 'That is all I can tell you about it for now. Do you have another question?')
  expect(messages[0]?.name).toBe('English')
})

test.each([
  ['English', 'Hi!'],
  ['English', 'Thank you :)'],
  ['French', 'Merci.'],
  ['Spanish', '¡Hola!'],
  ['Portuguese', 'Olá'],
  ['Russian', 'Привет'],
])('a greeting alone is %s', async (name, text) => {
  expect(await nameOf(text)).toBe(name)
})

test('a conversation without messages is unknown', async () => {
  expect(await label()).toMatchObject({ name: 'unknown', messages: [] })
})

test('a single ambiguous word is less certain than a sentence', async () => {
  const [word, sentence] = [await label('animal'), await label('The animal was sleeping under the old tree in the garden.')]
  expect(word.confidence).toBeLessThan(sentence.confidence)
})

test('any text gets a label with a confidence from 0 to 1, the same each time', async () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 }).map((units) => String.fromCharCode(...units)),
    fc
      .array(fc.constantFrom('`', '```', ' ', 'a', '<', '\u202e', '\ud83d', 'ß', '字', '\u0301', '://', '@'), { maxLength: 200 })
      .map((parts) => parts.join('')),
  )
  await fc.assert(
    fc.asyncProperty(hostile, async (text) => {
      const first = await label(text)
      expect(first.confidence).toBeGreaterThanOrEqual(0)
      expect(first.confidence).toBeLessThanOrEqual(1)
      expect(await label(text)).toEqual(first)
    }),
    { numRuns: 200 },
  )
})

test.each([
  ['one word of four million letters', 'a'.repeat(4_000_000)],
  ['two million backticks', '`'.repeat(2_000_000)],
  ['a million loose accents', 'e\u0301'.repeat(500_000)],
  ['a million brackets', '<('.repeat(500_000)],
])('%s is labelled', async (_, text) => {
  expect((await label(text)).messages).toHaveLength(1)
})

test('a long text is read in several places, not only at its start', async () => {
  const english = 'This is the beginning of the text, and it goes on for a while. '
  const finnish = 'Tämä on pitkä suomenkielinen teksti, joka jatkuu vielä pitkään ja kertoo monista asioista. '
  expect(await nameOf(english.repeat(40) + finnish.repeat(300))).toBe('Finnish')
})
