import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allRoutes } from '../../src/hub/routes.all.ts'
import { conversationsParquet, startTestHub, type TestHub } from './test-hub.ts'

/** Words that stand in every gated place: files, rows, the card's text, the raw data. Whoever sees one has seen gated bytes. */
const canary = 'CanaryInTheCoalMine'
const card = `---\nextra_gated_fields:\n  Why: text\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n---\n# ${canary}\n`

let hub: TestHub
let owner: string
const tokens: Record<string, string | undefined> = {}

const viewers = [
  'anonymous',
  'ungranted',
  'pending',
  'rejected',
  'revoked',
  'expired',
  'terms changed',
  'wrong scope',
  'wrong dataset',
] as const

beforeAll(async () => {
  hub = await startTestHub()
  ;({ token: owner } = await hub.user('ann'))
  const texts = [`first ${canary} question`, `an answer with ${canary}`]
  const parquet = await conversationsParquet(
    hub.folder,
    Array.from({ length: 20 }, (_, n) => ({ id: `c${n}`, model: 'm', texts })),
  )
  for (const name of ['gated', 'other']) {
    await hub.call('POST', '/api/repos/create', { token: owner, body: { name, type: 'dataset' } })
    await hub.commit(`ann/${name}`, owner, { 'README.md': card, 'notes.txt': canary, 'data/train-00000-of-00001.parquet': parquet })
    await hub.call('PUT', `/api/datasets/ann/${name}/settings`, { token: owner, body: { gated: 'manual' } })
  }
  const path = '/api/datasets/ann/gated/user-access-request'
  const handle = (body: unknown) => hub.call('POST', `${path}/handle`, { token: owner, body })
  for (const name of ['ungranted', 'pending', 'rejected', 'revoked', 'expired', 'changed', 'granted']) {
    const { token } = await hub.user(name)
    tokens[name] = token
    if (name !== 'ungranted') await hub.call('POST', path, { token, body: { fields: { Why: canary.toLowerCase() } } })
  }
  for (const name of ['revoked', 'changed', 'granted']) await handle({ user: name, status: 'accepted' })
  await handle({ user: 'expired', status: 'accepted', expiresAt: new Date(hub.clock.now.getTime() + 1000) })
  await handle({ user: 'rejected', status: 'rejected' })
  await handle({ user: 'revoked', status: 'revoked' })
  tokens['wrong scope'] = await hub.token('granted', { role: 'fineGrained', scopes: [{ dataset: 'ann/other', permissions: ['read'] }] })
  // Terms change, and old grants stop, but for the one who agrees again.
  await hub.commit('ann/gated', owner, { 'README.md': card.replace('Why: text', 'Why: text\nextra_gated_prompt: new') })
  await hub.call('POST', '/api/datasets/ann/gated/reconsent', { token: owner, body: { by: hub.clock.now } })
  hub.clock.now = new Date(hub.clock.now.getTime() + 2000)
  await hub.call('POST', path, { token: tokens.granted ?? '', body: { fields: { Why: 'work' } } })
  tokens['terms changed'] = tokens.changed
  // Raw data beside the release, which a grant on the release does not open.
  await hub.call('PUT', '/api/datasets/ann/gated/raw-terms', { token: owner, body: { text: 'Only for audits' } })
  const announced = `sha256=${createHash('sha256').update(canary).digest('hex')}&size=${canary.length}`
  await hub.call('PUT', `/api/datasets/ann/gated/raw/secret.txt?${announced}`, { token: owner, body: canary })
  // A grant on another dataset says nothing of this one.
  const { token: elsewhere } = await hub.user('elsewhere')
  tokens['wrong dataset'] = elsewhere
  await hub.call('POST', '/api/datasets/ann/other/user-access-request/grant', { token: owner, body: { user: 'elsewhere' } })
})
afterAll(() => hub.close())

/** Every address that a route's pattern stands for here: each parameter takes values that lead to gated things. */
function addresses(path: string): string[] {
  const query =
    '?dataset=ann%2Fgated&config=default&split=train&offset=0&length=5&level=release' +
    `&query=${canary}&where=${encodeURIComponent(`"conversation_id" = 'c1'`)}&row=1&n=5&seed=1&base=main&search=ann&full=true&blobs=true&expand=true&recursive=true`
  const values: Record<string, string[]> = {
    namespace: ['ann'],
    name: ['gated'],
    repo: ['gated.git'],
    rest: [
      'main/README.md',
      'main/notes.txt',
      'main/data/train-00000-of-00001.parquet',
      'main',
      'main/data',
      'README.md',
      'notes.txt',
      'default/train/0.parquet',
    ],
    revision: ['main'],
    config: ['default'],
    split: ['train'],
    sha256: ['0'.repeat(64)],
    action: ['batch', 'verify'],
    status: ['accepted', 'pending'],
    branch: ['new'],
    tag: ['v1'],
    user: ['ann'],
    id: ['1'],
    file: ['0.parquet'],
    path: ['secret.txt'],
    page: ['hub'],
  }
  let found = [path]
  for (const [, name = ''] of path.matchAll(/:(\w+)(?:\{[^/]*?\})?(?=\/|$|\.)/g)) {
    const options = values[name]
    if (!options) throw new Error(`the walk has no value for :${name} of ${path}; add one that leads to gated things`)
    found = found.flatMap((one) => options.map((value) => one.replace(new RegExp(`:${name}(\\{(?:[^{}]|\\{[^}]*\\})*\\})?`), value)))
  }
  return found.map((one) => `${one}${query}`)
}

const body = {
  name: 'ann/gated',
  paths: ['README.md'],
  operation: 'download',
  objects: [],
  files: [],
  content: 'x',
  sql: 'select * from "ann/gated"',
  format: 'csv',
  fields: { Why: 'x' },
}

describe('every route', () => {
  test('has an access rule: the application answers on no others', () => {
    const declared = new Set(allRoutes.map(({ method, path }) => `${method} ${path}`))
    const undeclared = hub.app.routes.filter(({ method, path }) => path !== '/*' && !declared.has(`${method} ${path}`))
    expect(undeclared.map(({ method, path }) => `${method} ${path}`)).toEqual([])
    expect(allRoutes.filter(({ access }) => !access)).toEqual([])
  })

  test.each(viewers)('gives no gated byte to: %s', async (viewer) => {
    const token = viewer === 'anonymous' ? undefined : tokens[viewer]
    const leaks: string[] = []
    let tried = 0
    for (const { method, path } of allRoutes) {
      // Asking is for everyone, and would change where the viewer stands.
      if (method === 'POST' && path.endsWith('/user-access-request')) continue
      for (const address of addresses(path)) {
        const response = await hub.call(method, address, { ...(token ? { token } : {}), ...(method === 'GET' ? {} : { body }) })
        tried += 1
        const text = await response.text()
        if (response.status >= 500) leaks.push(`${method} ${address} failed with ${response.status}`)
        if (text.includes(canary) || text.includes('PAR1')) leaks.push(`${method} ${address}`)
      }
    }
    expect(leaks).toEqual([])
    expect(tried).toBeGreaterThanOrEqual(allRoutes.length - 1)
  })

  test('of the raw data is closed to who may read the release, until a second approval', async () => {
    const read = async () => (await hub.call('GET', '/api/datasets/ann/gated/raw/secret.txt', { token: tokens.granted ?? '' })).text()
    expect(await read()).not.toContain(canary)
    const path = '/api/datasets/ann/gated/user-access-request'
    await hub.call('POST', path, { token: tokens.granted ?? '', body: { level: 'raw', fields: {} } })
    expect(await read()).not.toContain(canary)
    await hub.call('POST', `${path}/handle`, { token: owner, body: { level: 'raw', user: 'granted', status: 'accepted' } })
    expect(await read()).toBe(canary)
  })

  test('that reads content gives it to the granted: the walk would see a leak', async () => {
    const seen: string[] = []
    for (const { method, path, access } of allRoutes) {
      if (method !== 'GET' || access.kind !== 'dataset' || access.right !== 'release') continue
      const texts = await Promise.all(
        addresses(path).map(async (address) => (await hub.call('GET', address, { token: tokens.granted ?? '' })).text()),
      )
      if (texts.some((text) => text.includes(canary) || text.includes('PAR1'))) seen.push(path)
    }
    expect(seen).toContain('/datasets/:namespace/:name/resolve/:rest{.+}')
  })
})
