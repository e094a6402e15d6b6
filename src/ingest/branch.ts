import type { JsonObject } from './entry.ts'
import { isObject } from './fields.ts'

/** A conversation tree's branch that ends at `leaf`, root first: from node to parent by id, each node once, so that a circle ends. */
export function branchTo(nodes: JsonObject, leaf: unknown, parentField: string): JsonObject[] {
  const branch: JsonObject[] = []
  const seen = new Set<string>()
  for (let id = leaf; typeof id === 'string' && !seen.has(id) && Object.hasOwn(nodes, id); ) {
    seen.add(id)
    const node = nodes[id]
    if (!isObject(node)) break
    branch.push(node)
    id = node[parentField]
  }
  return branch.reverse()
}
