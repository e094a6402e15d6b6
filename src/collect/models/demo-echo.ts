import type { ModelPart, Speaker } from './model.ts'

/** A model that says what it was told: for trying the site, and for tests. */
export const echo: Speaker = { stream: ({ messages, parameters }) => speak(messages.at(-1)?.content ?? '', parameters.maxTokens) }

/** Streams a text word by word, at most so many words of it. */
export async function* speak(text: string, maxWords: number): AsyncIterable<ModelPart> {
  const words = text.match(/\s*\S+\s*?(?=\s|$)|\s+$/g) ?? []
  for (const word of words.slice(0, maxWords)) yield { kind: 'text', text: word }
  yield { kind: 'end', finish: words.length > maxWords ? 'length' : 'stop' }
}
