/**
 * Text that came from outside as inline Markdown that shows exactly that text, on one line: no markup, no HTML, no link, no table border.
 * Punctuation becomes numeric entities, which Markdown shows and never interprets; invisible and direction-changing characters become `U+…`.
 */
export function escapeMarkdown(text: string): string {
  return toPrintable(text.replace(/\s+/g, ' ').trim()).replace(/[!-/:-@[-`{-~]/g, (mark) =>
    /[-,+]/.test(mark) ? mark : `&#${mark.charCodeAt(0)};`,
  )
}

/** A value as JSON for a fenced code block: nothing in it can end the fence or start HTML, and it is still the same JSON. */
export function toFencedJson(value: unknown): string {
  const json = JSON.stringify(value, null, 2).replace(/[<>&`~]|(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, (mark) =>
    [...Array(mark.length).keys()].map((at) => `\\u${mark.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  )
  return `\`\`\`json\n${json}\n\`\`\``
}

/** Text for the inside of an SVG or HTML element or attribute. */
export function escapeXml(text: string): string {
  return toPrintable(text).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}

/** Characters that show nothing or reorder others (controls, formats, unassigned, lone surrogates) as `U+XXXX`. */
export function toPrintable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu,
    (mark) => `U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
}
