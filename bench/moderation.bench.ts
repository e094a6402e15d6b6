import { createClassifier } from '../src/curate/moderation/classifier.ts'
import { readModel } from '../src/curate/moderation/model.ts'

const sentences = [
  'Can you explain how photosynthesis works and why leaves look green in the summer? ',
  'I wrote a Python function that reads a file, but it throws an error when the file is empty. ',
  'You are such an idiot, nobody wants to hear what you have to say about this. ',
  'The capital of France is Paris, and its largest museum is the Louvre. ',
  '你好，请问今天天气怎么样？ ',
  'def add(a, b):\n    return a + b\n\nprint(add(1, 2))\n',
]

/** The classifier on messages of mixed length and kind, one core. */
export const trials: { name: string; run(): Promise<Record<string, number | string>> }[] = [
  {
    name: 'moderation: classifier, messages of 50–2,500 characters',
    async run() {
      const classify = createClassifier(readModel())
      const messages = Array.from({ length: 3000 }, (_, at) =>
        Array.from({ length: 1 + (at % 30) }, (__, k) => sentences[(at * 7 + k * 5) % sentences.length]).join(''),
      )
      const bytes = messages.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
      for (const text of messages) classify(text)
      const from = process.cpuUsage()
      for (const text of messages) classify(text)
      const seconds = process.cpuUsage(from).user / 1e6
      return {
        messages: messages.length,
        'MB/s': Number((bytes / 1e6 / seconds).toFixed(1)),
        'messages/s': Math.round(messages.length / seconds),
      }
    },
  },
]
