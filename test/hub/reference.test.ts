import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conversationsParquet, startTestHub, type TestHub } from './test-hub.ts'

// What the Hub's clients and the dataset viewer's callers rely on, beyond the reading of files (protocol.test.ts) and the answers about rows (viewer.test.ts).

let hub: TestHub
let ann: string
let bob: string
const card =
  '---\nlicense: mit\ntask_categories:\n- text-generation\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n---\n# Chats\n'

beforeAll(async () => {
  hub = await startTestHub()
  ;({ token: ann } = await hub.user('ann'))
  ;({ token: bob } = await hub.user('bob'))
  await hub.call('POST', '/api/repos/create', { token: ann, body: { name: 'chats', type: 'dataset' } })
  await hub.commit('ann/chats', ann, {
    'README.md': card,
    'data/train-00000-of-00001.parquet': await conversationsParquet(hub.folder, [{ id: 'a', model: 'm', texts: ['x', 'y'] }]),
  })
})
afterAll(() => hub.close())

const code = async (response: Promise<Response>) => {
  const { status, headers } = await response
  return [status, headers.get('x-error-code')]
}

describe('facts of a dataset', () => {
  test('have every key that the clients read, with ids and dates in their form', async () => {
    const { body } = await hub.json('GET', '/api/datasets/ann/chats/revision/HEAD?expand=private&expand=downloads&blobs=true')
    const day = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
    expect(body).toMatchObject({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      id: 'ann/chats',
      author: 'ann',
      sha: expect.stringMatching(/^[0-9a-f]{40}$/),
      createdAt: day,
      lastModified: day,
      private: false,
      gated: false,
      disabled: false,
      downloads: expect.any(Number),
      downloadsAllTime: expect.any(Number),
      likes: expect.any(Number),
      tags: expect.arrayContaining(['license:mit', 'task_categories:text-generation']),
      cardData: { license: 'mit' },
      siblings: expect.arrayContaining([
        { rfilename: 'README.md', size: Buffer.byteLength(card), blobId: expect.stringMatching(/^[0-9a-f]{40}$/) },
      ]),
    })
  })

  test('name the account behind a token, and refuse to without one', async () => {
    expect((await hub.json('GET', '/api/whoami-v2', { token: ann })).body).toMatchObject({
      type: 'user',
      name: 'ann',
      fullname: 'ann Person',
      email: 'ann@example.org',
      emailVerified: true,
      orgs: [],
      auth: { type: 'access_token', accessToken: { displayName: 'test', role: 'write', createdAt: expect.stringMatching(/Z$/) } },
    })
    expect((await hub.call('GET', '/api/whoami-v2')).status).toBe(401)
  })

  test('give branches, tags and commits in their form', async () => {
    const { body: refs } = await hub.json('GET', '/api/datasets/ann/chats/refs?include_prs=1')
    expect(refs).toEqual({
      branches: [{ name: 'main', ref: 'refs/heads/main', targetCommit: expect.stringMatching(/^[0-9a-f]{40}$/) }],
      converts: [],
      tags: [],
      pullRequests: [],
    })
    const commits = await hub.call('GET', '/api/datasets/ann/chats/commits/main?limit=1')
    expect(await commits.json()).toMatchObject([
      { title: 'test', message: '', date: expect.stringMatching(/Z$/), authors: [{ user: 'ann' }] },
    ])
    expect(commits.headers.get('link')).toMatch(/^<https:\/\/hub\.test\/.*>; rel="next"$/)
  })

  test.each(['/api/agent-harnesses', '/api/datasets-tags-by-type'])('that no client needs are plainly not there: %s', async (path) => {
    expect(await code(hub.call('GET', path))).toEqual([404, 'NotFound'])
  })

  test('list the Parquet files by configuration, by split, and one by one', async () => {
    const path = '/api/datasets/ann/chats/parquet'
    const url = `https://hub.test${path}/default/train/0.parquet`
    expect((await hub.json('GET', path)).body).toEqual({ default: { train: [url] } })
    expect((await hub.json('GET', `${path}/default`)).body).toEqual({ train: [url] })
    expect((await hub.json('GET', `${path}/default/train`)).body).toEqual([url])
    expect((await hub.call('GET', `${path}/default/train/0.parquet`)).status).toBe(200)
    for (const none of ['constructor', 'default/test', 'default/train/1.parquet'])
      expect((await hub.call('GET', `${path}/${none}`)).status).toBe(404)
  })
})

describe('the dataset viewer', () => {
  const onItsHost = (path: string, init: RequestInit = {}) =>
    Promise.resolve(hub.app.request(`https://datasets-server.hub.test${path}`, init))
  const whole = 'dataset=ann/chats&config=default&split=train'

  test.each([
    '/is-valid',
    '/splits',
    '/first-rows',
    '/rows',
    '/search?query=x',
    '/filter?where="turn"=1',
    '/parquet',
    '/info',
    '/size',
    '/statistics',
  ])('%s names its revision, wants its dataset, and tells no stranger what exists', async (route) => {
    const join = route.includes('?') ? '&' : '?'
    const found = await onItsHost(`${route}${join}${whole}`)
    expect([found.status, found.headers.get('x-revision')]).toEqual([200, expect.stringMatching(/^[0-9a-f]{40}$/)])
    expect(await code(onItsHost(route))).toEqual([422, 'MissingRequiredParameter'])
    expect(await code(onItsHost(`${route}${join}dataset=ann/none&config=default&split=train`))).toEqual([
      401,
      'ExternalUnauthenticatedError',
    ])
    expect(await code(onItsHost(`${route}${join}dataset=ann/chats&config=none&split=train`))).toEqual([404, 'ResponseNotFound'])
  })

  test('may be asked by pages of other sites, with a token and never by the cookie', async () => {
    const asked = await onItsHost('/rows', {
      method: 'OPTIONS',
      headers: { Origin: 'https://other.test', 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'authorization' },
    })
    expect([asked.status, asked.headers.get('access-control-allow-origin'), asked.headers.get('access-control-allow-headers')]).toEqual([
      204,
      '*',
      'Authorization',
    ])
    const refused = await onItsHost('/rows', { headers: { Origin: 'https://other.test' } })
    expect(refused.headers.get('access-control-allow-origin')).toBe('*')
    expect(refused.headers.get('access-control-expose-headers')).toContain('X-Error-Code')
    for (const response of [asked, refused]) expect(response.headers.get('access-control-allow-credentials')).toBeNull()
    const elsewhere = await hub.call('GET', '/api/datasets/ann/chats', { headers: { Origin: 'https://other.test' } })
    expect(elsewhere.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('review of requests', () => {
  const path = '/api/datasets/ann/chats/user-access-request'
  const handle = (body: unknown, token = ann) => hub.call('POST', `${path}/handle`, { token, body })

  test('goes by the statuses that the clients know', async () => {
    expect(await code(hub.call('GET', `${path}/pending`, { token: ann }))).toEqual([400, 'BadRequest'])
    await hub.call('PUT', '/api/datasets/ann/chats/settings', { token: ann, body: { gated: 'manual' } })
    expect(await code(hub.call('GET', `${path}/pending`, { token: bob }))).toEqual([403, 'Forbidden'])
    expect((await handle({ user: 'nobody', status: 'accepted' })).status).toBe(404)
    expect((await handle({ user: 'bob', status: 'accepted' })).status).toBe(404)
    await hub.call('POST', path, { token: bob, body: { fields: {} } })
    expect((await hub.json('GET', `${path}/pending`, { token: ann })).body).toMatchObject([
      {
        user: { user: 'bob', fullname: 'bob Person', email: 'bob@example.org' },
        status: 'pending',
        timestamp: expect.stringMatching(/Z$/),
      },
    ])
    expect((await handle({ user: 'bob', status: 'pending' })).status).toBe(404)
    expect((await handle({ user: 'bob', status: 'rejected', rejectionReason: 'x'.repeat(201) })).status).toBe(400)
    expect((await handle({ user: 'bob', status: 'rejected', rejectionReason: 'Say more.' })).status).toBe(200)
    expect((await hub.call('POST', path, { token: bob, body: { fields: {} } })).status).toBe(403)
    const grant = () => hub.call('POST', `${path}/grant`, { token: ann, body: { user: 'bob' } })
    expect((await grant()).status).toBe(200)
    expect((await grant()).status).toBe(400)
    expect((await hub.json('GET', `${path}/accepted`, { token: ann })).body).toMatchObject([{ user: { user: 'bob', email: null } }])
    const resolve = () => hub.call('GET', '/datasets/ann/chats/resolve/main/README.md', { token: bob })
    expect((await resolve()).status).toBe(200)
    expect((await handle({ user: 'bob', status: 'pending' })).status).toBe(200)
    const cancelled = await resolve()
    expect([cancelled.status, cancelled.headers.get('x-error-code'), cancelled.headers.get('x-error-message')]).toEqual([
      403,
      'GatedRepo',
      expect.stringContaining('awaiting a review'),
    ])
    expect((await hub.json('GET', '/api/datasets/ann/chats/user-access-report', { token: ann })).body).toMatchObject([
      { user: 'bob', fullname: 'bob Person', status: 'pending', time: expect.stringMatching(/Z$/) },
    ])
  })

  test('leaves names and sizes to be seen, and gates every file, the card too', async () => {
    expect((await hub.call('GET', '/api/datasets/ann/chats/tree/main')).status).toBe(200)
    for (const file of ['README.md', '.gitattributes', 'data/train-00000-of-00001.parquet'])
      expect(await code(hub.call('HEAD', `/datasets/ann/chats/resolve/main/${file}`))).toEqual([401, 'GatedRepo'])
  })
})

describe('writing', () => {
  const post = (path: string, body: unknown) => hub.call('POST', path, { token: ann, body })

  test('what exists already is a conflict that clients may pass over', async () => {
    expect((await post('/api/repos/create', { name: 'chats', type: 'dataset' })).status).toBe(409)
    const twice = async (path: string, body: unknown) => [(await post(path, body)).status, (await post(path, body)).status]
    expect(await twice('/api/datasets/ann/chats/branch/dev', {})).toEqual([200, 409])
    expect(await twice('/api/datasets/ann/chats/tag/main', { tag: 'v1', message: 'one' })).toEqual([200, 409])
    expect(await code(post('/api/datasets/ann/chats/branch/dev2', { startingPoint: 'none' }))).toEqual([404, 'RevisionNotFound'])
  })

  test('another’s namespace and another’s dataset are refused', async () => {
    expect(
      (await hub.call('POST', '/api/repos/create', { token: bob, body: { name: 'x', organization: 'ann', type: 'dataset' } })).status,
    ).toBe(403)
    expect((await hub.commit('ann/chats', bob, { 'x.txt': 'x' })).status).toBe(403)
  })

  test('files are announced: how each is to be sent, by how much of it is text', async () => {
    const response = await post('/api/datasets/ann/chats/preupload/main', {
      files: [
        { path: 'a.txt', sample: Buffer.from('a').toString('base64'), size: 1 },
        { path: 'b.parquet', sample: Buffer.from('PAR1').toString('base64'), size: 100_000_000 },
      ],
    })
    expect(await response.json()).toMatchObject({
      files: [
        { path: 'a.txt', uploadMode: 'regular', shouldIgnore: false, oid: null },
        { path: 'b.parquet', uploadMode: 'lfs', shouldIgnore: false, oid: null },
      ],
    })
  })

  test('what is not offered says so and names the way out', async () => {
    const xet = await hub.call('GET', '/api/datasets/ann/chats/xet-write-token/main', { token: ann })
    expect([xet.status, xet.headers.get('x-error-message')]).toEqual([404, expect.stringContaining('HF_HUB_DISABLE_XET=1')])
    const request = await post('/api/datasets/ann/chats/commit/main?create_pr=1', '{"key":"header","value":{"summary":"a"}}')
    expect([request.status, request.headers.get('x-error-message')]).toEqual([400, expect.stringContaining('no pull requests')])
    const squash = await post('/api/datasets/ann/chats/super-squash/main', { message: 'one commit' })
    expect([squash.status, squash.headers.get('x-error-code'), squash.headers.get('x-error-message')]).toEqual([
      403,
      'HistoryKept',
      expect.stringContaining('withdraw'),
    ])
  })
})
