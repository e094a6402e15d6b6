/** Adds values to a list, however many: `push(...more)` fails where there are more of them than a call may have arguments, such as findings in a hostile text. */
export function append<T>(list: T[], more: ArrayLike<T>): void {
  for (let at = 0; at < more.length; at++) list.push(more[at] as T)
}
