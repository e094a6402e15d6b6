import { ageConcept, conceptSlots } from '../../src/curate/moderation/lexicon.ts'
import { mulberry } from '../../src/mulberry.ts'
import { type Example, targetsOf } from './example.ts'
import type { Features } from './fit.ts'

/**
 * Adds training cases for sexual/minors without any text of the kind: features of sexual windows together with the features of a child's age or
 * word. So the category is learned as a meeting of two things.
 */
export function withMinors(
  features: Features,
  examples: readonly Example[],
  names: readonly string[],
): { features: Features; examples: Example[] } {
  const next = mulberry(11)
  const cues = [ageConcept, names.indexOf('minor'), names.indexOf('minor'), names.indexOf('perv')]
  const added: { grams: Int32Array; concepts: Int32Array; rows: Int32Array; fired: Int32Array; owner: number }[] = []
  const more: Example[] = [...examples]
  features.owner.forEach((owner, at) => {
    const sexual = examples[owner]?.targets[7] ?? 0
    if (!(sexual >= 0.8) || examples[owner]?.set !== 'grammar' || next() > 0.35) return
    const cue = cues[Math.floor(next() * cues.length)] ?? ageConcept
    const concepts = features.concepts[at] as Int32Array
    const present = [...concepts].filter((concept) => concept < conceptSlots && concept !== cue)
    const pairs = present.flatMap((other) => [
      ...(next() < 0.3 ? [conceptSlots + other * conceptSlots + cue] : []),
      ...(next() < 0.3 ? [conceptSlots + cue * conceptSlots + other] : []),
      conceptSlots + conceptSlots ** 2 + Math.min(cue, other) * conceptSlots + Math.max(cue, other),
    ])
    added.push({
      grams: features.grams[at] as Int32Array,
      concepts: Int32Array.from(new Set([...concepts, cue, ...pairs])),
      rows: features.rows[at] as Int32Array,
      fired: Int32Array.from([
        ...(features.fired[at] as Int32Array),
        Math.floor(next() * (features.rows[at] as Int32Array).length) * 256 + cue,
      ]),
      owner: more.length,
    })
    more.push({ text: '', targets: targetsOf('S M'), weight: 0.3, set: 'minors', part: 'train' })
  })
  return {
    features: {
      grams: [...features.grams, ...added.map(({ grams }) => grams)],
      concepts: [...features.concepts, ...added.map(({ concepts }) => concepts)],
      rows: [...features.rows, ...added.map(({ rows }) => rows)],
      fired: [...features.fired, ...added.map(({ fired }) => fired)],
      owner: Int32Array.from([...features.owner, ...added.map(({ owner }) => owner)]),
    },
    examples: more,
  }
}
