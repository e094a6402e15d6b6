/** What was made last, of at most so many bytes in all: what was used longest ago is given up first. */
export class Kept {
  private readonly most: number
  private readonly values = new Map<string, { value: unknown; bytes: number }>()
  private bytes = 0

  constructor(mostBytes: number) {
    this.most = mostBytes
  }

  has(key: string): boolean {
    return this.values.has(key)
  }

  /** The value of a key, made where it is not kept. A key has values of one type, as its first word says. */
  get<T>(key: string, make: () => T, bytesOf: (value: T) => number): T {
    const known = this.values.get(key)
    if (known) {
      // To the end: what was used last is given up last.
      this.values.delete(key)
      this.values.set(key, known)
      return known.value as T
    }
    const value = make()
    const bytes = bytesOf(value)
    this.values.set(key, { value, bytes })
    this.bytes += bytes
    for (const [other, one] of this.values) {
      if (this.bytes <= this.most || other === key) break
      this.values.delete(other)
      this.bytes -= one.bytes
    }
    return value
  }
}
