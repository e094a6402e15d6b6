import { z } from 'zod'
import type { MessageModeration } from './categories.ts'
import { type GuardTemplate, readGuardAnswer } from './guard.parse.ts'
import { createClient, cut, mergePieces, type RemoteSettings } from './openai.ts'
import { openQueue, type Queue } from './queue.ts'
import { ask, UnusableAnswer } from './retry.ts'

const completionSchema = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1) })

/**
 * A guard model behind an OpenAI-compatible chat endpoint: every message is put to each of the template's questions. An answer that cannot be read
 * after every attempt marks the message as failed.
 */
export function openGuard(settings: RemoteSettings & { template: GuardTemplate }): Queue {
  const client = createClient(settings)
  const { model, template, patience } = settings

  const judgeText = async (text: string, opinions: MessageModeration[]) => {
    for (const [index, question] of template.asks.entries()) {
      // Answered in an attempt before this one, and paid.
      if (index < opinions.length) continue
      // A function, since a text may hold `$&`, which replace() would expand.
      const messages = question.messages.map(({ role, content }) => ({ role, content: content.replaceAll('{text}', () => text) }))
      const response: unknown = await client.chat.completions.create({ model, messages, temperature: 0, max_tokens: template.maxTokens })
      const parsed = completionSchema.safeParse(response)
      const opinion = parsed.success ? readGuardAnswer(template, index, parsed.data.choices[0]?.message.content ?? '') : undefined
      if (!opinion) throw new UnusableAnswer('The answer cannot be read.')
      opinions.push(opinion)
    }
    return mergePieces(opinions)
  }

  const queue = openQueue({
    asker: JSON.stringify(['guard', settings.baseUrl ?? null, model, template]),
    answers: settings.answers,
    batch: 1,
    concurrency: settings.concurrency,
    send: ([text = '']) => {
      const opinions: MessageModeration[] = []
      return ask(async () => [await judgeText(text, opinions)], patience)
    },
  })
  return {
    failed: queue.failed,
    judge: async (text) => mergePieces(await Promise.all(cut(text === '' ? ' ' : text).map((piece) => queue.judge(piece)))),
  }
}
