import { z } from 'zod'
import { parseInput } from '../body.ts'
import { decodeSegments } from '../datasets/paths.ts'
import { listCommits, listRefs, splitRevision } from '../datasets/revisions.ts'
import { nextLink } from '../reply.ts'
import { datasetRoute, type Route } from '../routes.ts'
import { rawPath } from './info.ts'

const RefInfo = z.object({ name: z.string(), ref: z.string(), targetCommit: z.string() })
const Refs = z.object({
  branches: z.array(RefInfo),
  converts: z.array(RefInfo),
  tags: z.array(RefInfo),
  pullRequests: z.array(RefInfo).optional(),
})
const CommitsQuery = z.object({ limit: z.coerce.number().int().min(1).max(1000).optional(), p: z.coerce.number().int().min(0).optional() })
const CommitInfo = z.object({
  id: z.string(),
  title: z.string(),
  message: z.string(),
  date: z.string(),
  authors: z.array(z.object({ user: z.string() })),
  parents: z.array(z.string()),
})

/** Branches, tags and commits of a dataset. */
export const historyRoutes: Route[] = [
  datasetRoute(
    { method: 'GET', path: '/api/datasets/:namespace/:name/refs', summary: 'Branches and tags', right: 'listing', reply: Refs },
    async ({ hub, context, dataset }) => {
      const refs = await listRefs(hub.database, dataset)
      const named = (kind: 'branch' | 'tag', prefix: string) =>
        refs.filter((ref) => ref.kind === kind).map(({ name, target }) => ({ name, ref: `${prefix}${name}`, targetCommit: target }))
      const pullRequests = context.req.query('include_prs') ? { pullRequests: [] } : {}
      return context.json({ branches: named('branch', 'refs/heads/'), converts: [], tags: named('tag', 'refs/tags/'), ...pullRequests })
    },
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/commits/:revision{.+}',
      summary: 'Commits from a revision back, newest first',
      right: 'listing',
      query: CommitsQuery,
      reply: z.array(CommitInfo),
    },
    async (call) => {
      const { hub, context, dataset, origin } = call
      const { commit } = await splitRevision(hub.database, dataset, decodeSegments(rawPath(call), 5))
      const { limit = 100, p = 0 } = parseInput(context.req.query(), CommitsQuery)
      const found = await listCommits(hub.database, dataset, commit, limit + 1, p * limit)
      if (found.length > limit) context.header('Link', nextLink(origin, context.req.url, { p: String(p + 1) }))
      context.header('X-Total-Count', String(commit.position + 1))
      return context.json(
        found.slice(0, limit).map(({ id, title, message, createdAt, author, parent }) => ({
          id,
          title,
          message,
          date: createdAt.toISOString(),
          authors: [{ user: author }],
          parents: parent ? [parent] : [],
        })),
      )
    },
  ),
  datasetRoute(
    { method: 'GET', path: '/api/datasets/:namespace/:name/auth-check', summary: '200 when you may read the files', right: 'release' },
    ({ context }) => context.json({}),
  ),
  datasetRoute(
    { method: 'GET', path: '/api/datasets/:namespace/:name/auth-check/write', summary: '200 when you may commit', right: 'write' },
    ({ context }) => context.json({}),
  ),
]
