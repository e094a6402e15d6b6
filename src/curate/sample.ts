const stateSize = 624

/**
 * The random numbers of Python's `random.Random(seed)`: Mersenne Twister MT19937, seeded through init_by_array.
 * Historical samples were drawn with it, so only the same generator draws the same sample.
 * @see Matsumoto and Nishimura 1998; CPython Modules/_randommodule.c
 */
export function pythonRandom(seed: number): { bits32(): number; below(limit: number): number } {
  const state = seedState(seed)
  let index = stateSize

  const bits32 = (): number => {
    if (index >= stateSize) {
      twist(state)
      index = 0
    }
    let y = state[index++] ?? 0
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    y ^= y >>> 18
    return y >>> 0
  }

  return {
    bits32,
    /** A whole number from 0 to limit - 1, for limits below 2^32: `_randbelow_with_getrandbits`. */
    below(limit) {
      const shift = Math.clz32(limit)
      for (;;) {
        const value = bits32() >>> shift
        if (value < limit) return value
      }
    },
  }
}

/** Shuffles in place exactly as Python's `random.seed(seed); random.shuffle(items)` does. @see CPython Lib/random.py */
export function shuffleLikePython(items: Uint32Array, seed: number): void {
  const random = pythonRandom(seed)
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const held = items[i] ?? 0
    items[i] = items[j] ?? 0
    items[j] = held
  }
}

function seedState(seed: number): Uint32Array {
  const state = new Uint32Array(stateSize)
  state[0] = 19650218
  for (let i = 1; i < stateSize; i++) {
    const previous = (state[i - 1] ?? 0) ^ ((state[i - 1] ?? 0) >>> 30)
    state[i] = Math.imul(1812433253, previous) + i
  }
  let i = 1
  for (let k = 0; k < stateSize; k++) {
    const previous = (state[i - 1] ?? 0) ^ ((state[i - 1] ?? 0) >>> 30)
    // The key has one word, so its index stays 0.
    state[i] = ((state[i] ?? 0) ^ Math.imul(previous, 1664525)) + seed
    if (++i >= stateSize) {
      state[0] = state[stateSize - 1] ?? 0
      i = 1
    }
  }
  for (let k = 0; k < stateSize - 1; k++) {
    const previous = (state[i - 1] ?? 0) ^ ((state[i - 1] ?? 0) >>> 30)
    state[i] = ((state[i] ?? 0) ^ Math.imul(previous, 1566083941)) - i
    if (++i >= stateSize) {
      state[0] = state[stateSize - 1] ?? 0
      i = 1
    }
  }
  state[0] = 0x80000000
  return state
}

function twist(state: Uint32Array): void {
  for (let k = 0; k < stateSize; k++) {
    const y = ((state[k] ?? 0) & 0x80000000) | ((state[(k + 1) % stateSize] ?? 0) & 0x7fffffff)
    state[k] = (state[(k + 397) % stateSize] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
  }
}
