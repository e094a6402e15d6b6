import { type Draft, editDraft, isFree } from './draft.ts'
import type { Random } from './random.ts'

const tails = [' Thanks!', ' please', ' Thank you.', ' Answer briefly.', '!!', ' (urgent)', ' Be concise.']
const heads = ['Please ', 'Hi, ', 'Hello! ', 'Question: ', 'Quick question: ']

/** A near copy of a message: one to three small edits of the kind that people make when they ask again. Planted data stays as it is. */
export function makeNear(draft: Draft, random: Random): Draft {
  let result = draft
  const edits = 1 + random.below(3)
  for (let edit = 0; edit < edits; edit++) result = editOnce(result, random)
  return result
}

function editOnce(draft: Draft, random: Random): Draft {
  const at = random.below(Math.max(1, draft.text.length - 1))
  switch (random.below(5)) {
    case 0:
      return isFree(draft, 0, 0) ? editDraft(draft, { start: 0, end: 0, by: random.pick(heads) }) : draft
    case 1:
      return isFree(draft, draft.text.length, draft.text.length)
        ? editDraft(draft, { start: draft.text.length, end: draft.text.length, by: random.pick(tails) })
        : draft
    case 2:
      // Two letters swapped: the usual typing mistake.
      return /^[A-Za-z]{2}$/.test(draft.text.slice(at, at + 2)) && isFree(draft, at, at + 2)
        ? editDraft(draft, { start: at, end: at + 2, by: `${draft.text.charAt(at + 1)}${draft.text.charAt(at)}` })
        : draft
    case 3: {
      const space = draft.text.indexOf(' ', at)
      return space >= 0 && isFree(draft, space, space + 1) ? editDraft(draft, { start: space, end: space + 1, by: '  ' }) : draft
    }
    default: {
      const stop = draft.text.search(/[.?!]$/)
      return stop >= 0 && isFree(draft, stop, stop + 1) ? editDraft(draft, { start: stop, end: stop + 1, by: '' }) : draft
    }
  }
}
