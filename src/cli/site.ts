import { setFlagsFromString } from 'node:v8'
import { Hono } from 'hono'
import type { Settings } from '../config.ts'
import { InputError } from '../errors.ts'
import { makeSetupKey, writeAdminToken } from '../hub/accounts/first-admin.ts'
import { createApp, type HubEnv } from '../hub/app.ts'
import { startBackground } from '../hub/background.ts'
import { erasureTask } from '../hub/datasets/stored.ts'
import type { Hub } from '../hub/hub.ts'
import { noticeTask } from '../hub/notices/deliver.ts'
import { reminderTask } from '../hub/notices/reminders.ts'
import { deletionTask } from '../hub/promises/carry-out.ts'
import { followTask } from '../hub/publish/commit.ts'
import { type RunningServer, startServer } from '../hub/server.ts'
import type { World } from './command.ts'

/** Everything that answers on one port, composed. `close` ends what is not the hub's: the hub's database is its opener's to close. */
export interface Site {
  app: Hono<HubEnv>
  close(): Promise<void>
}

/** What a site is composed of. */
export interface SiteParts {
  hub: Hub
  settings: Settings
  world: World
}

/** Composes the site. `serve` and `start` both call this, so that they answer alike. */
export async function openSite(parts: SiteParts): Promise<Site> {
  const { openCollect } = await import('./collect.ts')
  const collect = await openCollect(parts)
  const background = startBackground(parts.hub, [deletionTask, erasureTask, followTask, noticeTask, reminderTask])
  const hubApp = createApp(parts.hub)
  const app = new Hono<HubEnv>()
  // Both are mounted whole: each has its own way of reading paths and of answering errors.
  app.all('*', (context) => {
    const { raw } = context.req
    return collect.owns(context.req.path) ? collect.fetch(raw, context.env) : hubApp.fetch(raw, context.env)
  })
  return {
    app,
    async close() {
      await background.close()
      await collect.close()
    },
  }
}

/** Opens a server for an app; how a taken port is met is the command's to choose: `listen` refuses, `listenNear` takes the next free one. */
export type Listen = (app: Hono<HubEnv>, parts: SiteParts) => Promise<RunningServer>

/**
 * Answers are large pieces of memory outside of V8's heap, which it counts like its own: after a pause it shrinks its limits and then collects all of
 * the heap for every few dozens of them (half of the processor time of a page of 100 rows). Holds for this thread and those started later.
 */
function collectLessOften(): void {
  setFlagsFromString('--no-memory-reducer')
  setFlagsFromString('--initial-old-space-size=64')
}

/** Answers until the world's signal: prints the address and, where nobody has an account yet, the first administrator's link. Running answers end first. */
export async function runSite(parts: SiteParts, open: Listen): Promise<number> {
  const { hub, settings, world } = parts
  collectLessOften()
  const tokenFile = settings['admin-token-file']
  if (tokenFile && (await writeAdminToken(hub, tokenFile))) world.log.info('hub.admin-token-written')
  const site = await openSite(parts)
  try {
    const server = await open(site.app, parts)
    world.log.info('hub.started', { port: server.port })
    const { host = '127.0.0.1' } = settings
    await world.print(settings.json ? JSON.stringify({ port: server.port }) : `Colloquy answers on http://${host}:${server.port}`)
    const key = await makeSetupKey(hub)
    if (key && !settings.json) {
      const origin = settings['public-url'] ?? `http://localhost:${server.port}`
      await world.print(`Make the first administrator, once, at ${origin}/setup#key=${key}`)
    }
    await new Promise<void>((resolve) => (world.signal.aborted ? resolve() : world.signal.addEventListener('abort', () => resolve())))
    await server.close()
    world.log.info('hub.stopped')
    return 0
  } finally {
    await site.close()
  }
}

/**
 * Answers on the port of the settings.
 * @throws InputError `port-taken`.
 */
export const listen: Listen = async (app, { settings }) => {
  const { host = '127.0.0.1', port = 8080 } = settings
  try {
    return await startServer(app, { host, port })
  } catch (error) {
    if (!isTaken(error)) throw error
    throw new InputError('port-taken', `Port ${port} is taken by another program. Choose one with --port P; 0 takes any free one.`, {
      cause: error,
    })
  }
}

/** Answers on the port of the settings or, where another program has it, on any free one, and says so. */
export const listenNear: Listen = async (app, parts) => {
  const { settings, world } = parts
  const { host = '127.0.0.1', port = 8080 } = settings
  try {
    return await startServer(app, { host, port })
  } catch (error) {
    if (!isTaken(error)) throw error
    const server = await startServer(app, { host, port: 0 })
    if (!settings.json) await world.print(`Port ${port} is taken by another program, so this takes port ${server.port}; --port P chooses.`)
    return server
  }
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
