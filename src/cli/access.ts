import { join } from 'node:path'
import type { Settings } from '../config.ts'

/** What labellers get from the command rather than from the recipe: keys, endpoints, files. By label; never part of a recipe, a fingerprint or a log. */
export function labellerAccess(settings: Settings, work: string): Record<string, Record<string, unknown>> {
  return {
    contamination: {
      cache: join(work, 'answers'),
      ...(settings['openai-key'] === undefined ? {} : { apiKey: settings['openai-key'] }),
    },
    quality: {
      cache: join(work, 'answers'),
      ...(settings['openai-key'] === undefined ? {} : { apiKey: settings['openai-key'] }),
    },
    moderation: {
      answers: join(work, 'answers', 'moderation.db'),
      ...(settings['openai-key'] === undefined ? {} : { apiKey: settings['openai-key'] }),
      ...(settings['openai-url'] === undefined ? {} : { baseUrl: settings['openai-url'] }),
    },
  }
}
