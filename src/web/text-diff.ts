/** A stretch of two texts: in both, only in the first, or only in the second. */
export interface Change {
  kind: 'same' | 'removed' | 'added'
  text: string
}

/** Longer texts are compared by lines, still longer ones by their common ends alone: the table of words would not fit. */
const MAX_CELLS = 4_000_000

/**
 * What changed from one text to another, word by word. `same` and `removed` joined are the first text, `same` and `added` the second, letter for letter.
 */
export function diffTexts(before: string, after: string): Change[] {
  for (const pattern of [/\p{L}[\p{L}\p{M}]*|\p{N}+|\s+|\S/gu, /[^\n]*\n|[^\n]+$/gu]) {
    const a = before.match(pattern) ?? []
    const b = after.match(pattern) ?? []
    let start = 0
    while (start < a.length && start < b.length && a[start] === b[start]) start += 1
    let end = 0
    while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
    const middleA = a.slice(start, a.length - end)
    const middleB = b.slice(start, b.length - end)
    if (middleA.length * middleB.length > MAX_CELLS) continue
    return join([
      { kind: 'same', text: a.slice(0, start).join('') },
      ...changesOf(middleA, middleB),
      { kind: 'same', text: a.slice(a.length - end).join('') },
    ])
  }
  return join([
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ])
}

/** The longest common words of two lists, by the usual table. */
function changesOf(a: readonly string[], b: readonly string[]): Change[] {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0)
  const found: Change[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ kind: 'same', text: a[i] ?? '' })
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))) {
      found.push({ kind: 'removed', text: a[i] ?? '' })
      i += 1
    } else {
      found.push({ kind: 'added', text: b[j] ?? '' })
      j += 1
    }
  }
  return found
}

/** Neighbours of one kind as one; between two kept stretches, what was removed comes before what was added. */
function join(changes: readonly Change[]): Change[] {
  const found: Change[] = []
  let removed = ''
  let added = ''
  const flush = () => {
    if (removed) found.push({ kind: 'removed', text: removed })
    if (added) found.push({ kind: 'added', text: added })
    removed = ''
    added = ''
  }
  for (const { kind, text } of changes) {
    if (text === '') continue
    if (kind === 'removed') removed += text
    else if (kind === 'added') added += text
    else {
      flush()
      const last = found.at(-1)
      if (last?.kind === 'same') last.text += text
      else found.push({ kind, text })
    }
  }
  flush()
  return found
}
