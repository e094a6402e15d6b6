const K1 = 1.2
const B = 0.75

/** What a term weighs that stands in `docs` of `rows` rows. */
export const weightOf = (docs: number, rows: number): number => (K1 + 1) * Math.log(1 + (rows - Math.min(docs, rows) + 0.5) / (docs + 0.5))

/** How a row's number of words counts: as `base + slope × words`; `meanLength` is the mean of all rows. A term then scores weight × times / (times + this). */
export const normOf = (meanLength: number): { base: number; slope: number } => ({ base: K1 * (1 - B), slope: (K1 * B) / meanLength })

/** What a term scores that stands `times` times in a row. */
export const scoreOf = (weight: number, times: number, norm: number): number => (weight * times) / (times + norm)

/** Bounds are kept as whole numbers up to this, which stands for 1. */
export const BOUND_ONE = 16_383

/** The least bound that is not below times / (times + norm). */
export const boundOf = (share: number): number => Math.min(BOUND_ONE, Math.ceil(share * (BOUND_ONE + 1)))

/** What a bound stands for. */
export const shareOf = (bound: number): number => (bound >= BOUND_ONE ? 1 : bound / (BOUND_ONE + 1))
