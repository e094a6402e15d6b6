import { join } from 'node:path'
import { createSiteApp } from '../collect/app.ts'
import { readVotes } from '../collect/arena/votes.ts'
import { readTerms } from '../collect/consent/terms.ts'
import { createSharedBuckets } from '../collect/guards/buckets.shared.ts'
import { createBuckets } from '../collect/guards/buckets.ts'
import { defaultLimits, readLimits } from '../collect/guards/limits.ts'
import { demonstrationModels, readModels } from '../collect/models/config.ts'
import { openModels } from '../collect/models/models.ts'
import { closeSite, openSite } from '../collect/open-site.ts'
import type { SiteParts as CollectParts, Moderate } from '../collect/site.ts'
import type { Settings } from '../config.ts'
import { createModerationLabeller } from '../curate/moderation/labeller.ts'
import { AppError } from '../errors.ts'
import { sessionsOf } from '../hub/accounts/sessions.ts'
import { readAsked } from '../hub/gate/asked.ts'
import type { Hub } from '../hub/hub.ts'
import { fileDeletion } from '../hub/promises/tickets.ts'
import { openSiteLeaderboard } from './collect.leaderboard.ts'
import type { World } from './command.ts'

/** The collection site beside a hub: on its database, with its accounts. */
export async function openCollect({ hub, settings, world }: { hub: Hub; settings: Settings; world: World }) {
  const terms = readTerms(settings.terms)
  const limits = settings.limits ? readLimits(settings.limits) : defaultLimits
  // Only a PostgreSQL server can have several processes.
  const buckets = settings['database-url'] ? createSharedBuckets(hub.database) : createBuckets(() => performance.now())
  const configs = settings.models ? readModels(settings.models) : demonstrationModels()
  const models = await openModels(configs, { env: world.env, log: world.log, buckets })
  const { moderate = 'off' } = settings
  const board = openSiteLeaderboard({ readVotes: (after, limit) => readVotes(hub.database, after, limit), now: world.now, log: world.log })
  const site = await openSite({
    database: hub.database,
    models,
    buckets,
    terms,
    log: world.log,
    now: world.now,
    logFolder: settings.events ?? join(settings.data ?? '.colloquy', 'events'),
    options: {
      proxyHops: settings['proxy-hops'] ?? (settings['behind-proxy'] ? 1 : 0),
      moderation: moderate === 'block' ? 'block' : 'warn',
      limits,
      ...(settings['public-url'] ? { publicUrl: settings['public-url'] } : {}),
    },
    findAccount: accountsOf(hub),
    leaderboard: board.leaderboard,
    describeBattle: board.describeBattle,
    onWithdrawal: ledgerOf(hub, settings.feeds ?? []),
    ...(moderate !== 'off' ? { moderate: await openModeration() } : {}),
  })
  void models.checkAll()
  return {
    ...createSiteApp(site),
    async close() {
      await closeSite(site)
      await board.close()
    },
  }
}

/** Accounts by session or token; a token administers only where it may write. */
function accountsOf(hub: Hub): NonNullable<CollectParts['findAccount']> {
  const findSession = sessionsOf(hub)
  return async (headers) => {
    const { viewer } = await readAsked(hub, headers, findSession)
    if (viewer.kind === 'anonymous') return undefined
    return { id: viewer.user.id, isAdmin: viewer.user.role === 'admin' && (!viewer.token || viewer.token.role === 'write') }
  }
}

/** Files a request for deletion on each dataset that is made of this site's log; one that does not exist yet will be made without the person. */
function ledgerOf(hub: Hub, datasets: readonly string[]): NonNullable<CollectParts['onWithdrawal']> {
  return async ({ user, conversations, isWhole }) => {
    for (const dataset of datasets) {
      const subjects = isWhole ? { kind: 'person' as const, subjects: [user] } : { kind: 'conversation' as const, subjects: conversations }
      try {
        await fileDeletion(hub, dataset, {
          ...subjects,
          reason: 'The person has withdrawn their consent.',
          requestedBy: 'chat site',
          proof: 'session',
        })
      } catch (error) {
        if (!(error instanceof AppError) || error.status !== 404) throw error
        hub.log.warn('collect.dataset-unknown', { dataset })
      }
    }
  }
}

/** The offline classifier of the label `moderation`, on the newest message: the earlier ones had their turn. */
async function openModeration(): Promise<Moderate> {
  const labeller = await createModerationLabeller()
  return async (messages) => {
    const label = await labeller.label({ id: '', model: '', messages: messages.slice(-1), turns: 0, source: { file: '', line: 0 } })
    const [last] = label.messages
    const categories = Object.entries(last?.categories ?? {}).flatMap(([name, isMet]) => (isMet ? [name] : []))
    return { flagged: last?.flagged ?? false, categories }
  }
}
