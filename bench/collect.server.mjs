// The collection site as its own process, without limits: `node collect.server.mjs UPSTREAM DATABASE EVENTS MODEL…`. SIGUSR2 prints what it took since the last time.
import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getRequestListener } from '@hono/node-server'
import { createSiteApp } from '../dist/collect/app.js'
import { readTerms } from '../dist/collect/consent/terms.js'
import { createBuckets } from '../dist/collect/guards/buckets.js'
import { createSharedBuckets } from '../dist/collect/guards/buckets.shared.js'
import { checkModels } from '../dist/collect/models/config.js'
import { openModels } from '../dist/collect/models/models.js'
import { openSite } from '../dist/collect/open-site.js'
import { silentLog } from '../dist/log.js'
import { openDatabase } from '../dist/storage/database.open.js'

const [upstream, database, logFolder, ...names] = process.argv.slice(2)
const many = { burst: 1e6, perMinute: 1e6 }
const models = names.map((name) => ({ name, model: name, endpoint: upstream, concurrency: 100000, requestsPerMinute: 1000000 }))
const isServer = database.includes('://')
const opened = await openDatabase(isServer ? { url: database } : { folder: database })
// As `colloquy serve` chooses.
const buckets = isServer ? createSharedBuckets(opened) : createBuckets(() => performance.now())
const site = await openSite({
  database: opened,
  models: await openModels(checkModels({ models }, 'bench'), { env: {}, log: silentLog, buckets }),
  buckets,
  terms: readTerms(undefined),
  log: silentLog,
  now: () => new Date(),
  logFolder,
  findAccount: async (headers) => (headers.get('authorization') === 'Bearer admin' ? { id: 'admin', isAdmin: true } : undefined),
  options: {
    proxyHops: 0,
    moderation: 'warn',
    limits: { turnsOfPerson: many, turnsOfNetwork: many, turnsOfKey: many, visitsOfNetwork: many, turns: 1e6 },
  },
})
const watchLoop = () => {
  const watch = monitorEventLoopDelay({ resolution: 5 })
  watch.enable()
  return watch
}
let loop = watchLoop()
let most = 0
let cpu = process.cpuUsage()
setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss())
}, 50)
process.on('SIGUSR2', () => {
  const { user, system } = process.cpuUsage(cpu)
  const figures = {
    peakMB: Math.round(most / 1e6),
    cpuSeconds: (user + system) / 1e6,
    loopP99Ms: loop.percentile(99) / 1e6,
    loopWorstMs: loop.max / 1e6,
  }
  console.log(JSON.stringify(figures))
  most = 0
  cpu = process.cpuUsage()
  loop.disable()
  loop = watchLoop()
})
process.on('SIGTERM', () => process.exit(0))
const app = createSiteApp(site)
const server = createServer(getRequestListener((request) => app.fetch(request)))
server.keepAliveTimeout = 120_000
server.listen(0, '127.0.0.1', 4096, () => console.log(server.address().port))
