import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { keyOf, openAnswers } from './answers.ts'
import { type Endpoint, fetchAnswer, type Network } from './endpoint.ts'

/** Where the package keeps the judge's prompt; a recipe may name a file of its own. */
export const judgePromptUrl = new URL('../../../assets/contamination-judge.txt', import.meta.url)

/** Has the final word on a pair: is the text the item, in other words or another language? */
export type Judge = (item: string, text: string) => Promise<boolean>

/**
 * Opens a judge on a chat endpoint. The prompt holds `{item}` and `{text}`; the answer's first word, True or False, is the verdict. Verdicts are kept in
 * `folder` by hash of prompt, model and pair. The texts are data to the judge: it is told to follow nothing in them.
 */
export function openJudge(options: { endpoint: Endpoint; prompt?: string; folder: string; world?: Network }): Judge {
  const { endpoint, folder, world } = options
  const prompt = options.prompt ?? readFileSync(judgePromptUrl, 'utf8')
  const kept = openAnswers(folder, 'verdicts', (value) => z.boolean().safeParse(value).data)
  return async (item, text) => {
    const key = keyOf(endpoint.url, endpoint.model, prompt, item, text)
    const known = kept.get(key)
    if (known !== undefined) return known
    const answer = await fetchAnswer(endpoint, fill(prompt, item, text), world)
    const verdict = /^\W*true\b/i.test(answer)
    kept.keep(key, verdict)
    return verdict
  }
}

/** Both at once, so that a text that holds '{item}' is left as it is. */
function fill(prompt: string, item: string, text: string): string {
  return prompt.replace(/\{(item|text)\}/g, (_, name: string) => (name === 'item' ? item : text).slice(0, 8000))
}
