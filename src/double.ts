type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array

/** A copy of twice the length, the new places zero. */
export function double<T extends Numbers>(array: T): T {
  const longer = new (array.constructor as new (length: number) => T)(array.length * 2)
  longer.set(array)
  return longer
}

/** Doubles every array of numbers of a record in place, so that every holder of the record sees them; other fields stay. */
export function doubleArrays(record: object): void {
  for (const [name, value] of Object.entries(record)) if (isNumbers(value)) Object.assign(record, { [name]: double(value) })
}

function isNumbers(value: unknown): value is Numbers {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}
