import type { Model, Parameters } from '../api.chat.shapes.ts'

/** Bounds of what may be set, with the step of its field. */
export function boundsOf(model: Pick<Model, 'limits'> | undefined): Record<keyof Parameters, { low: number; high: number; step: number }> {
  return {
    temperature: { low: 0, high: 2, step: 0.1 },
    topP: { low: 0, high: 1, step: 0.05 },
    maxTokens: { low: 1, high: model?.limits.maxTokens ?? 4096, step: 1 },
  }
}

/** A number that was typed, within its bounds; the one before where it is no number. */
export function readBounded(text: string, before: number, { low, high, step }: { low: number; high: number; step: number }): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(value)) return before
  const bounded = Math.min(high, Math.max(low, value))
  return step === 1 ? Math.round(bounded) : bounded
}

/** The first usable model: the one wanted where it can be used, else the first that is up, then busy. */
export function chooseModel(models: readonly Model[], wanted: string): Model | undefined {
  const usable = models.filter(({ status }) => status !== 'down')
  return usable.find(({ name }) => name === wanted) ?? usable.find(({ status }) => status === 'up') ?? usable[0]
}
