import { z } from 'zod'
import { HubError } from '../errors.ts'
import { type Route, viewerRoute } from '../routes.ts'
import { Choice, facts, OfSplit, oneSplit, PAGE, reply, required, selectionOf, wholeNumber } from './call.ts'
import { replyRows } from './pages.ts'

const FacetsReply = z.object({
  facets: z.array(
    z.object({
      column: z.string(),
      label: z.string(),
      kind: z.enum(['value', 'range', 'flag']),
      values: z.array(
        z.object({
          value: z.union([z.string(), z.number(), z.boolean()]),
          to: z.union([z.string(), z.number()]).optional(),
          count: z.number(),
          where: z.string(),
        }),
      ),
    }),
  ),
  total: z.number(),
  partial: z.boolean(),
})
const Sample = Choice.extend({ n: z.number().optional(), seed: z.number().optional() })

/** What there is to choose from, rows at random, and rows that answer the same prompt. */
export const exploreRoutes: Route[] = [
  viewerRoute(
    { ...facts('/facets', 'Values and ranges of columns with their counts under a condition and words', Choice), reply: FacetsReply },
    async (call) => {
      const { source, commit } = await oneSplit(call)
      const folder = await call.hub.indexes.folder(source)
      return reply(call, await call.hub.indexes.readers.ask('facets', { folder, selection: selectionOf(call) }), commit)
    },
  ),
  viewerRoute(facts('/sample', 'Rows at random; the same rows for the same seed', Sample), async (call) => {
    const { source, commit } = await oneSplit(call)
    const { n, seed } = call.context.req.query()
    const length = wholeNumber('n', n ?? '20')
    if (length > PAGE) throw new HubError(422, 'InvalidParameter', `Parameter 'n' must not be greater than ${PAGE}`)
    const folder = await call.hub.indexes.folder(source)
    const task = { folder, selection: selectionOf(call), n: length, seed: wholeNumber('seed', seed ?? '0') }
    return replyRows(call, commit, source, await call.hub.indexes.readers.ask('sample', task))
  }),
  viewerRoute(
    facts('/same-prompt', 'Rows whose first prompt is the same, to compare models', OfSplit.extend({ row: z.number() })),
    async (call) => {
      const { source, commit } = await oneSplit(call)
      const row = wholeNumber('row', required(call, 'row'))
      const folder = await call.hub.indexes.folder(source)
      return replyRows(call, commit, source, await call.hub.indexes.readers.ask('samePrompt', { folder, row, length: PAGE }))
    },
  ),
]
