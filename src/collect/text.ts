/** Text as it can be stored everywhere: no NUL, which SQL refuses, and no half of a surrogate pair, which UTF-8 cannot write. */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()
