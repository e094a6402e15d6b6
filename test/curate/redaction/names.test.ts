import { beforeAll, describe, expect, test } from 'vitest'
import { createRedactionLabeller, type RedactionLabeller } from '../../../src/curate/redaction/redaction.ts'

let labeller: RedactionLabeller
beforeAll(async () => {
  labeller = await createRedactionLabeller()
})

const redact = (content: string) => labeller.label({ messages: [{ role: 'user', content }] }).messages[0]

/** Ten scripts and more, and the places where names stand in chats. */
const goldens: readonly (readonly [before: string, after: string])[] = [
  ['Hi, my name is Thomas Müller and I live in Berlin.', 'Hi, my name is NAME_1 and I live in Berlin.'],
  ['my name is mary', 'my name is NAME_1'],
  ['Dear Mr. Johnson,\nthank you.\nBest regards,\nEmily Carter', 'Dear Mr. NAME_1,\nthank you.\nBest regards,\nNAME_2'],
  ['Mary: How are you?\nJohn: Fine!', 'NAME_1: How are you?\nNAME_2: Fine!'],
  ['The novel was written by Gabriel García Márquez.', 'The novel was written by NAME_1.'],
  ['Меня зовут Иван Петров, я живу в Москве.', 'Меня зовут NAME_1, я живу в Москве.'],
  ['Με λένε Γιώργος Παπαδόπουλος.', 'Με λένε NAME_1.'],
  ['مرحبا، اسمي محمد حسن', 'مرحبا، اسمي NAME_1'],
  ['שלום, שמי דוד כהן', 'שלום, שמי NAME_1'],
  ['मेरा नाम राहुल शर्मा है।', 'मेरा नाम NAME_1 है।'],
  ['ผมชื่อ กนกวรรณ ครับ', 'ผมชื่อ NAME_1 ครับ'],
  ['제 이름은 김민수입니다.', '제 이름은 NAME_1입니다.'],
  ['私は田中さくらです。', '私はNAME_1です。'],
  ['ジョン・スミスさんに会いました。', 'NAME_1さんに会いました。'],
  ['我叫王伟，住在上海。', '我叫NAME_1，住在上海。'],
]

describe('names in many scripts', () => {
  test.each(goldens)('%j becomes %j', (before, after) => {
    expect(redact(before)).toBe(after)
  })
})

const untouched: readonly string[] = [
  'Will you mark the date in May? Grace and hope are virtues.',
  'Install Python, React and PyTorch on Ubuntu, then ask ChatGPT or Claude.',
  'We flew from London to Paris on Monday and to Tokyo in June.',
  'How do I use Docker with Kubernetes on Amazon Web Services?',
  'const userName = getUser(request).displayName',
  'Die Würde des Menschen ist unantastbar.',
  'Alle Menschen sind frei und gleich an Würde und Rechten geboren.',
  'Todos los seres humanos nacen libres e iguales en dignidad y derechos.',
  '今天天气怎么样？我想去北京旅游。',
  'The quick brown fox jumps over the lazy dog.',
]

describe('no names', () => {
  test.each(untouched)('%j stays', (text) => {
    expect(redact(text)).toBe(text)
  })
})
