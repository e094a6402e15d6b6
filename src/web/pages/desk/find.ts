/** Whether each of the words looked for is somewhere in the texts, without regard to case. */
export function hasWords(texts: readonly string[], find: string): boolean {
  const all = texts.join(' ').toLowerCase()
  return find
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word))
}
