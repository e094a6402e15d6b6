import type { Site } from '../site.ts'
import { countsOf, percentile } from './figures.ts'

/** The counts since the start in Prometheus's text form. Labels are names of models and codes: no person, no address. */
export function printSiteMetrics({ meters, models }: Site): string {
  const sums = meters.total()
  const lines = [
    '# TYPE colloquy_chat_turns_total counter',
    `colloquy_chat_turns_total ${sums.turns}`,
    '# TYPE colloquy_chat_streams gauge',
    `colloquy_chat_streams ${meters.streams()}`,
    '# TYPE colloquy_model_up gauge',
    ...models.all.map((model) => `colloquy_model_up{model="${label(model.config.name)}"} ${model.status() === 'down' ? 0 : 1}`),
    '# TYPE colloquy_model_active gauge',
    ...models.all.map((model) => `colloquy_model_active{model="${label(model.config.name)}"} ${model.active()}`),
  ]
  const perModel = [...sums.models]
  lines.push('# TYPE colloquy_model_answers_total counter')
  for (const [name, { turns }] of perModel) lines.push(`colloquy_model_answers_total{model="${label(name)}"} ${turns}`)
  lines.push('# TYPE colloquy_model_errors_total counter')
  for (const [name, { errors }] of perModel) lines.push(`colloquy_model_errors_total{model="${label(name)}"} ${errors}`)
  lines.push('# TYPE colloquy_model_first_token_seconds gauge')
  for (const [name, { firstTokenMs }] of perModel) {
    const sorted = [...firstTokenMs].sort((a, b) => a - b)
    for (const share of [0.5, 0.99]) {
      const value = percentile(sorted, share)
      if (value !== null) lines.push(`colloquy_model_first_token_seconds{model="${label(name)}",quantile="${share}"} ${value / 1000}`)
    }
  }
  for (const [metric, prefix, kind] of kinds) {
    lines.push(`# TYPE ${metric} counter`)
    for (const [value, count] of Object.entries(countsOf(sums, prefix))) lines.push(`${metric}{${kind}="${label(value)}"} ${count}`)
  }
  lines.push('# TYPE colloquy_withdrawals_total counter', `colloquy_withdrawals_total ${sums.counts.get('withdrawal') ?? 0}`)
  return `${lines.join('\n')}\n`
}

const kinds = [
  ['colloquy_answer_errors_total', 'error:', 'code'],
  ['colloquy_refusals_total', 'refusal:', 'code'],
  ['colloquy_votes_total', 'vote:', 'winner'],
  ['colloquy_moderations_total', 'moderation:', 'action'],
  ['colloquy_consents_total', 'consent:', 'kind'],
  ['colloquy_bot_signals_total', 'bot:', 'signal'],
] as const

const label = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
