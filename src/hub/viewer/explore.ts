import { z } from 'zod'
import { HubError } from '../errors.ts'
import { type Route, viewerRoute } from '../routes.ts'
import { Choice, facts, OfSplit, oneSplit, PAGE, parseRole, reply, required, wholeNumber } from './call.ts'
import { computeFacets } from './facets.count.ts'
import { messagesOf } from './facets.ts'
import { openIndex } from './index-file.ts'
import { readHits, replyRows } from './pages.ts'
import { countRows, type JsonRow, readRows } from './rows.ts'
import { seedOf, selectRows } from './select.ts'
import { asWord, tokenize } from './words.ts'

const Hits = z.array(z.object({ row_idx: z.number() }))

const FacetsReply = z.object({
  facets: z.array(
    z.object({
      column: z.string(),
      label: z.string(),
      kind: z.enum(['value', 'range', 'flag']),
      values: z.array(
        z.object({
          value: z.union([z.string(), z.number(), z.boolean()]),
          to: z.number().optional(),
          count: z.number(),
          where: z.string(),
        }),
      ),
    }),
  ),
  total: z.number(),
  partial: z.boolean(),
})

/** What there is to choose from, rows at random, and rows that answer the same prompt. */
export const exploreRoutes: Route[] = [
  viewerRoute(
    { ...facts('/facets', 'Values and ranges of columns with their counts under a condition and words', Choice), reply: FacetsReply },
    async (call) => {
      const { split, commit } = await oneSplit(call)
      const { where, query } = call.context.req.query()
      const index = await openIndex(call.hub, split)
      return reply(call, computeFacets(index, selectRows(index, { where, query, role: parseRole(call) })), commit)
    },
  ),
  viewerRoute(
    facts(
      '/sample',
      'Rows at random; the same rows for the same seed',
      Choice.extend({ n: z.number().optional(), seed: z.number().optional() }),
    ),
    async (call) => {
      const { split, commit } = await oneSplit(call)
      const { where, query, n, seed } = call.context.req.query()
      const length = wholeNumber('n', n ?? '20')
      if (length > PAGE) throw new HubError(422, 'InvalidParameter', `Parameter 'n' must not be greater than ${PAGE}`)
      const index = await openIndex(call.hub, split)
      const selected = selectRows(index, { where, query, role: parseRole(call) })
      const sql = `select row_idx from ${selected.from} order by ((row_idx + ?) * 2654435761) % 4294967291 limit ?`
      const hits = Hits.parse(index.all(sql, [...selected.values, seedOf(seed), length]))
      return replyRows(call, commit, split, await readHits(call, split, hits), index.rows)
    },
  ),
  viewerRoute(
    facts('/same-prompt', 'Rows whose first prompt is the same, to compare models', OfSplit.extend({ row: z.number() })),
    async (call) => {
      const { split, commit } = await oneSplit(call)
      const at = wholeNumber('row', required(call, 'row'))
      const [row] = await readRows(call.hub, split, at, 1)
      if (!row) throw new HubError(422, 'InvalidParameter', `Parameter 'row' must be less than ${await countRows(call.hub, split)}`)
      const prompt = promptOf(row)
      const tokens = tokenize(prompt).map(({ text }) => asWord(text))
      const index = await openIndex(call.hub, split)
      const found = tokens.length
        ? Hits.parse(
            index.all('select rowid - 1 as row_idx from texts where texts match ? order by rowid limit 1000', [
              `{spoken_user} : ^"${tokens.slice(0, 60).join(' ')}"`,
            ]),
          )
        : []
      const rows = (await readHits(call, split, found)).filter((one) => promptOf(one.row) === prompt).slice(0, PAGE)
      return replyRows(call, commit, split, rows, rows.length)
    },
  ),
]

/** The first thing that the person said, with spaces and case made even. */
function promptOf(row: JsonRow): string {
  const first = messagesOf(row).find(({ role }) => role === 'user')
  return (first?.content ?? '').normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}
