import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createParents, openUnion } from '../../../src/curate/duplicates/union.ts'

const pairs = (size: number, count: number) =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 0, max: size - 1 })), { maxLength: count })

test('a root is the smallest member of its set, in whatever order pairs are joined', () => {
  fc.assert(
    fc.property(pairs(30, 40), (joins) => {
      const [one, two] = [openUnion(createParents(30)), openUnion(createParents(30))]
      for (const [a, b] of joins) one.join(a, b)
      for (const [a, b] of [...joins].reverse()) two.join(b, a)
      const roots = Array.from({ length: 30 }, (_, member) => one.find(member))
      expect(Array.from({ length: 30 }, (_, member) => two.find(member))).toEqual(roots)
      for (const [member, root] of roots.entries()) expect(root).toBe(roots.indexOf(root) <= member ? roots.indexOf(root) : -1)
      for (const [a, b] of joins) expect(roots[a]).toBe(roots[b])
    }),
  )
})

test('threads that join at the same time end in the sets that one alone makes', async () => {
  const size = 200_000
  const module = new URL('../../../dist/curate/duplicates/union.js', import.meta.url).href
  const code = `
    const { workerData, parentPort } = require('node:worker_threads')
    import(workerData.module).then(({ openUnion }) => {
      const { parents, share, shares } = workerData
      const { join } = openUnion(parents)
      for (let member = share; member < parents.length; member += shares) join(member, (member * 7919 + 13) % parents.length)
      parentPort.postMessage('done')
    })`
  const parents = createParents(size)
  await Promise.all(
    [0, 1, 2].map(
      (share) =>
        new Promise((resolve, reject) => {
          const worker = new Worker(code, { eval: true, workerData: { module, parents, share, shares: 3 } })
          worker.once('message', resolve)
          worker.once('error', reject)
        }),
    ),
  )
  const alone = openUnion(createParents(size))
  for (let member = 0; member < size; member++) alone.join(member, (member * 7919 + 13) % size)
  const together = openUnion(parents)
  let other = 0
  for (let member = 0; member < size; member++) if (together.find(member) !== alone.find(member)) other++
  expect(other).toBe(0)
})
