// The collection site as its own process, without limits: `node collect.server.mjs UPSTREAM FOLDER MODEL…`. SIGUSR2 prints its memory and processor time.
import { createServer } from 'node:http'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { createSiteApp } from '../dist/collect/app.js'
import { readTerms } from '../dist/collect/consent/terms.js'
import { checkModels } from '../dist/collect/models/config.js'
import { openModels } from '../dist/collect/models/models.js'
import { openSite } from '../dist/collect/open-site.js'
import { silentLog } from '../dist/log.js'
import { openDatabase } from '../dist/storage/database.open.js'

const [upstream, folder, ...names] = process.argv.slice(2)
const many = { burst: 1e6, perMinute: 1e6 }
const models = names.map((name) => ({ name, model: name, endpoint: upstream, concurrency: 100000, requestsPerMinute: 1000000 }))
const site = await openSite({
  database: await openDatabase({ folder: join(folder, 'database') }),
  models: await openModels(checkModels({ models }, 'bench'), { env: {}, log: silentLog }),
  terms: readTerms(undefined),
  log: silentLog,
  now: () => new Date(),
  logFolder: join(folder, 'events'),
  findAccount: async (headers) => (headers.get('authorization') === 'Bearer admin' ? { id: 'admin', isAdmin: true } : undefined),
  options: {
    proxyHops: 0,
    moderation: 'warn',
    limits: { turnsOfPerson: many, turnsOfNetwork: many, turnsOfKey: many, visitsOfNetwork: many, turns: 1e6 },
  },
})
let most = 0
setInterval(() => {
  most = Math.max(most, process.memoryUsage().rss)
}, 50)
process.on('SIGUSR2', () => {
  const { user, system } = process.cpuUsage()
  console.log(JSON.stringify({ peakMB: Math.round(most / 1e6), cpuSeconds: (user + system) / 1e6 }))
})
const app = createSiteApp(site)
const server = createServer(getRequestListener((request) => app.fetch(request)))
server.keepAliveTimeout = 120_000
server.listen(0, '127.0.0.1', 4096, () => console.log(server.address().port))
