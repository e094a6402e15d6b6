/**
 * Text that came from outside as inline Markdown that shows exactly that text, on one line: no markup, no HTML, no link, no table border.
 * Punctuation that can start something becomes a numeric entity, which Markdown shows and never interprets; invisible and direction-changing
 * characters become `U+…`.
 */
export function escapeMarkdown(text: string): string {
  return (
    toPrintable(text.replace(/\s+/g, ' ').trim())
      .replace(/["#$&'*/<>@[\\\]^_`{|}~]/g, toEntity)
      // Bare www addresses become links, and these begin lists, headings and rules at the start of a line.
      .replace(/www\./gi, (www) => `${www.slice(0, 3)}&#46;`)
      .replace(/^[-+=]|^(\d+)[.)]/, (mark) => `${mark.slice(0, -1)}${toEntity(mark.slice(-1))}`)
  )
}

/** The same for an address to write to, in which `@` stays: readers should see it, and may get a link. */
export function escapeContact(text: string): string {
  return escapeMarkdown(text).replaceAll('&#64;', '@').replaceAll('&#47;', '/')
}

function toEntity(mark: string): string {
  return `&#${mark.charCodeAt(0)};`
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
  return toPrintable(text).replace(/[&<>"']/g, toEntity)
}

/** Characters that show nothing or reorder others (controls, formats, unassigned, lone surrogates) as `U+XXXX`. */
export function toPrintable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu,
    (mark) => `U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
}
