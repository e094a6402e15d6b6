/** Runs one piece of work after the other, in the order given; a piece that fails does not stop the next. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/** Makes a queue of its own. */
export function inTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
}
