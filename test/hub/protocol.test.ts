import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestHub, type TestHub } from './test-hub.ts'

let hub: TestHub
let token: string
const card = '---\nlicense: mit\nlanguage:\n- en\ntask_categories:\n- text-generation\n---\n# Chats\n'

beforeAll(async () => {
  hub = await startTestHub()
  ;({ token } = await hub.user('ann'))
  await hub.call('POST', '/api/repos/create', { token, body: { name: 'chats', type: 'dataset' } })
  await hub.commit('ann/chats', token, { 'README.md': card, 'data/a b.txt': 'hello world', 'empty.txt': '' })
})
afterAll(() => hub.close())

const headers = (response: Response, ...names: string[]) => Object.fromEntries(names.map((name) => [name, response.headers.get(name)]))

describe('a file', () => {
  test('is described by HEAD with commit, ETag and size, at the main branch by any of its names', async () => {
    for (const revision of ['main', 'HEAD', 'refs%2Fheads%2Fmain', 'refs/heads/main']) {
      const response = await hub.call('HEAD', `/datasets/ann/chats/resolve/${revision}/data/a%20b.txt`)
      expect(response.status).toBe(200)
      expect(headers(response, 'content-length', 'etag', 'accept-ranges')).toEqual({
        'content-length': '11',
        // git hash-object of the content: the ETag of files that are stored small.
        etag: '"95d09f2b10159347eece71399a7e2e907ea3df4f"',
        'accept-ranges': 'bytes',
      })
      expect(response.headers.get('x-repo-commit')).toMatch(/^[0-9a-f]{40}$/)
    }
  })

  test.each([
    ['bytes=0-0', 206, 'h', 'bytes 0-0/11'],
    ['bytes=6-', 206, 'world', 'bytes 6-10/11'],
    ['bytes=-5', 206, 'world', 'bytes 6-10/11'],
    ['bytes=6-100', 206, 'world', 'bytes 6-10/11'],
    ['bytes=0-1,4-5', 200, 'hello world', null],
    ['lines=0-1', 200, 'hello world', null],
  ])('answers the range %s with %i', async (range, status, text, contentRange) => {
    const response = await hub.call('GET', '/datasets/ann/chats/resolve/main/data/a%20b.txt', { headers: { Range: range } })
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([status, text, contentRange])
  })

  test('refuses a range that lies outside, except the probe of an empty file', async () => {
    const outside = await hub.call('GET', '/datasets/ann/chats/resolve/main/data/a%20b.txt', { headers: { Range: 'bytes=11-' } })
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, 'bytes */11'])
    const empty = await hub.call('GET', '/datasets/ann/chats/resolve/main/empty.txt', { headers: { Range: 'bytes=0-0' } })
    expect([empty.status, empty.headers.get('content-range')]).toEqual([200, 'bytes 0-0/0'])
  })

  test('that is not there is told as EntryNotFound with the commit, so that clients may remember', async () => {
    const response = await hub.call('HEAD', '/datasets/ann/chats/resolve/main/nope.py')
    expect([response.status, response.headers.get('x-error-code')]).toEqual([404, 'EntryNotFound'])
    expect(response.headers.get('x-repo-commit')).toMatch(/^[0-9a-f]{40}$/)
  })

  test('is not sent again when the client has it', async () => {
    const response = await hub.call('GET', '/datasets/ann/chats/resolve/main/data/a%20b.txt', {
      headers: { 'If-None-Match': '"95d09f2b10159347eece71399a7e2e907ea3df4f"' },
    })
    expect([response.status, await response.text()]).toEqual([304, ''])
  })

  test('from a stranger cannot run as a page of the hub', async () => {
    await hub.commit('ann/chats', token, { 'x.html': '<script>alert(1)</script>' })
    const response = await hub.call('GET', '/datasets/ann/chats/resolve/main/x.html')
    expect(headers(response, 'content-type', 'content-security-policy')).toEqual({
      'content-type': 'application/octet-stream',
      'content-security-policy': "default-src 'none'; sandbox",
    })
  })
})

describe('errors', () => {
  test('carry the code and words in headers and body', async () => {
    const response = await hub.call('GET', '/api/datasets/ann/chats/revision/nope', { token })
    const body = (await response.json()) as { error: string }
    expect([response.status, response.headers.get('x-error-code')]).toEqual([404, 'RevisionNotFound'])
    expect(response.headers.get('x-error-message')).toBe(body.error)
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('do not tell private from missing', async () => {
    await hub.call('POST', '/api/repos/create', { token, body: { name: 'secret', type: 'dataset', private: true } })
    const { token: other } = await hub.user('other')
    for (const [who, status] of [
      [undefined, 401],
      [other, 404],
    ] as const) {
      const answers = await Promise.all(
        ['secret', 'missing'].map(async (name) => {
          const response = await hub.call('GET', `/api/datasets/ann/${name}`, who ? { token: who } : {})
          return [response.status, response.headers.get('x-error-code'), response.headers.get('x-error-message'), await response.text()]
        }),
      )
      expect(answers[0]).toEqual(answers[1])
      expect(answers[0]?.slice(0, 2)).toEqual([status, 'RepoNotFound'])
    }
  })

  test('say that a token is not valid, rather than that the dataset is missing', async () => {
    for (const bad of ['hf_nothing', 'undefined']) {
      const response = await hub.call('GET', '/api/datasets/ann/chats', { token: bad })
      expect([response.status, response.headers.get('x-error-message')]).toEqual([401, 'Invalid credentials in Authorization header'])
    }
  })
})

describe('listings', () => {
  test('give files and folders with git and LFS ids', async () => {
    const { body } = await hub.json('GET', '/api/datasets/ann/chats/tree/main?recursive=true&expand=true')
    expect(body).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'directory', path: 'data', size: 0 }),
        expect.objectContaining({ type: 'file', path: 'data/a b.txt', size: 11, oid: '95d09f2b10159347eece71399a7e2e907ea3df4f' }),
      ]),
    )
    expect(JSON.stringify(body)).toContain('"lastCommit"')
    expect(JSON.stringify(body)).not.toContain('xetHash')
    const missing = await hub.call('GET', '/api/datasets/ann/chats/tree/main/none')
    expect(missing.headers.get('x-error-code')).toBe('EntryNotFound')
  })

  test('are cut into pages with an absolute link to the next', async () => {
    const first = await hub.call('GET', '/api/datasets/ann/chats/tree/main?limit=2')
    expect((await first.json()) as unknown[]).toHaveLength(2)
    const next = /^<(https:\/\/hub\.test\/[^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    const second = await hub.call('GET', next.replace('https://hub.test', ''))
    expect(((await second.json()) as { path: string }[])[0]?.path).toBe('data')
  })

  test('of named paths come by form and by JSON, and leave out what is not there', async () => {
    const form = await hub.json('POST', '/api/datasets/ann/chats/paths-info/main', {
      body: 'paths=empty.txt&paths=none&expand=false',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    })
    const json = await hub.json('POST', '/api/datasets/ann/chats/paths-info/main', {
      body: { paths: ['empty.txt', 'none'], expand: false },
    })
    expect(form).toEqual(json)
    expect(form.body).toMatchObject([{ path: 'empty.txt', size: 0 }])
  })

  test('of datasets filter by tag and show no private ones to strangers', async () => {
    const { body } = await hub.json('GET', '/api/datasets?filter=license:mit&filter=task_categories:text-generation')
    expect(body).toMatchObject([{ id: 'ann/chats', gated: false, cardData: { license: 'mit' } }])
    expect(JSON.stringify((await hub.json('GET', '/api/datasets')).body)).not.toContain('ann/secret')
    expect(JSON.stringify((await hub.json('GET', '/api/datasets', { token })).body)).toContain('ann/secret')
  })
})

describe('commits', () => {
  test('are immutable, named by content, and refused when the branch has moved', async () => {
    const before = (await hub.json('GET', '/api/datasets/ann/chats')).body as { sha: string }
    const response = await hub.commit('ann/chats', token, { 'data/new.txt': 'x' })
    const { commitOid } = (await response.json()) as { commitOid: string }
    expect(commitOid).toMatch(/^[0-9a-f]{40}$/)
    const stale = await hub.call('POST', '/api/datasets/ann/chats/commit/main', {
      token,
      body: `${JSON.stringify({ key: 'header', value: { summary: 's', parentCommit: before.sha } })}\n${JSON.stringify({ key: 'file', value: { path: 'y', content: 'y' } })}`,
    })
    expect(stale.status).toBe(412)
    expect((await hub.call('GET', `/datasets/ann/chats/resolve/${before.sha}/data/new.txt`)).status).toBe(404)
    expect(await (await hub.call('GET', `/datasets/ann/chats/resolve/${commitOid}/data/new.txt`)).text()).toBe('x')
  })

  test('that change nothing make no new revision', async () => {
    const first = (await (await hub.commit('ann/chats', token, { same: 'same' })).json()) as { commitOid: string }
    const second = (await (await hub.commit('ann/chats', token, { same: 'same' })).json()) as { commitOid: string }
    expect(second.commitOid).toBe(first.commitOid)
  })

  test.each(['../up', '/abs', 'a/../b', 'a//b', '.git/config', 'a\u0000b', 'a\\b', ''])('cannot name the path %j', async (path) => {
    expect((await hub.commit('ann/chats', token, { [path]: 'x' })).status).toBe(400)
  })

  test('cannot name content of another dataset by its hash', async () => {
    const secret = 'gated bytes of someone else'
    await hub.commit('ann/chats', token, { 'secret.txt': secret })
    const { token: thief } = await hub.user('thief')
    await hub.call('POST', '/api/repos/create', { token: thief, body: { name: 'mine', type: 'dataset' } })
    const oid = createHash('sha256').update(secret).digest('hex')
    const batch = await hub.json('POST', '/datasets/thief/mine.git/info/lfs/objects/batch', {
      token: thief,
      body: { operation: 'upload', transfers: ['basic'], objects: [{ oid, size: secret.length }] },
    })
    expect(JSON.stringify(batch.body)).toContain('"upload"')
    const line = JSON.stringify({ key: 'lfsFile', value: { path: 'stolen', algo: 'sha256', oid, size: secret.length } })
    const commit = await hub.call('POST', '/api/datasets/thief/mine/commit/main', { token: thief, body: line })
    expect(commit.status).toBe(400)
  })

  test('of a release are refused when the manifest does not agree', async () => {
    await hub.call('POST', '/api/repos/create', { token, body: { name: 'release', type: 'dataset' } })
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    const manifest = (content: string, data: string) => {
      const text = (checksum: string) =>
        `${JSON.stringify({ kind: 'colloquy-release', files: [{ path: 'data/x.txt', sizeBytes: content.length, sha256: sha256(data) }], checksum }, null, 2)}\n`
      return text(sha256(text('')))
    }
    const wrong = await hub.commit('ann/release', token, { 'data/x.txt': 'abc', 'manifest.json': manifest('abc', 'abd') })
    expect([wrong.status, wrong.headers.get('x-error-code')]).toEqual([422, 'ReleaseInvalid'])
    const missing = await hub.commit('ann/release', token, { 'manifest.json': manifest('abc', 'abc') })
    expect(missing.headers.get('x-error-message')).toContain('data/x.txt is missing')
    expect((await hub.commit('ann/release', token, { 'data/x.txt': 'abc', 'manifest.json': manifest('abc', 'abc') })).status).toBe(200)
    expect((await hub.commit('ann/release', token, { 'data/more.txt': 'not listed' })).status).toBe(422)
  })
})

describe('large files', () => {
  const content = Buffer.alloc(100_000, 'large ')
  const oid = createHash('sha256').update(content).digest('hex')
  const batch = async (token: string) => {
    const body = { operation: 'upload', transfers: ['basic'], objects: [{ oid, size: content.length }], hash_algo: 'sha256' }
    const answer = await hub.json('POST', '/datasets/ann/chats.git/info/lfs/objects/batch', { token, body })
    return answer.body as { transfer: string; objects: { actions?: { upload: { href: string } } }[] }
  }

  test('go to a signed address without a token, are checked, and appear by commit', async () => {
    const { transfer, objects } = await batch(token)
    expect(transfer).toBe('basic')
    const href = (objects[0]?.actions?.upload.href ?? '').replace('https://hub.test', '')
    const wrong = await hub.call('PUT', href, { body: content.subarray(1) })
    expect([wrong.status, wrong.headers.get('x-error-code')]).toEqual([400, 'content-mismatch'])
    expect((await hub.call('PUT', href.replace(/size=\d+/, 'size=5'), { body: content })).status).toBe(403)
    expect((await hub.call('PUT', href, { body: content })).status).toBe(200)
    expect((await batch(token)).objects[0]?.actions).toBeUndefined()
    const line = JSON.stringify({ key: 'lfsFile', value: { path: 'large.bin', algo: 'sha256', oid, size: content.length } })
    expect((await hub.call('POST', '/api/datasets/ann/chats/commit/main', { token, body: line })).status).toBe(200)
    const head = await hub.call('HEAD', '/datasets/ann/chats/resolve/main/large.bin')
    expect(headers(head, 'etag', 'content-length')).toEqual({ etag: `"${oid}"`, 'content-length': '100000' })
  })

  test('are refused when the hour of the address is over', async () => {
    const other = createHash('sha256').update('never sent').digest('hex')
    const { body } = await hub.json('POST', '/datasets/ann/chats.git/info/lfs/objects/batch', {
      token,
      body: { operation: 'upload', objects: [{ oid: other, size: 1 }] },
    })
    const [object] = (body as { objects: { actions: { upload: { href: string } } }[] }).objects
    hub.clock.now = new Date(hub.clock.now.getTime() + 3_600_001)
    const late = await hub.call('PUT', object?.actions.upload.href.replace('https://hub.test', '') ?? '', { body: 'x' })
    expect([late.status, late.headers.get('x-error-code')]).toEqual([403, 'SignatureInvalid'])
  })
})

test('a renamed dataset leads from its old address to the new one', async () => {
  await hub.call('POST', '/api/repos/create', { token, body: { name: 'old', type: 'dataset' } })
  await hub.call('POST', '/api/repos/move', { token, body: { fromRepo: 'ann/old', toRepo: 'ann/new', type: 'dataset' } })
  const response = await hub.call('GET', '/api/datasets/ann/old/tree/main?recursive=true')
  expect([response.status, response.headers.get('location')]).toEqual([
    307,
    'https://hub.test/api/datasets/ann/new/tree/main?recursive=true',
  ])
})

test('branches and tags are made, resolve and go', async () => {
  await hub.call('POST', '/api/datasets/ann/chats/branch/feature%2Fx', { token, body: {} })
  await hub.call('POST', '/api/datasets/ann/chats/tag/main', { token, body: { tag: 'v1.0' } })
  for (const revision of ['feature%2Fx', 'feature/x', 'v1.0']) {
    expect((await hub.call('HEAD', `/datasets/ann/chats/resolve/${revision}/README.md`)).status).toBe(200)
  }
  expect((await hub.call('POST', '/api/datasets/ann/chats/tag/main', { token, body: { tag: 'v1.0' } })).status).toBe(409)
  expect((await hub.call('DELETE', '/api/datasets/ann/chats/branch/feature%2Fx', { token })).status).toBe(200)
  const { body } = await hub.json('GET', '/api/datasets/ann/chats/refs')
  expect(body).toMatchObject({ branches: [{ name: 'main' }], converts: [], tags: [{ name: 'v1.0', ref: 'refs/tags/v1.0' }] })
})

test('the card is checked before it is uploaded', async () => {
  const bad = await hub.json('POST', '/api/validate-yaml', { body: { content: '---\nconfigs: 3\n---\n', repoType: 'dataset' } })
  expect(bad.status).toBe(400)
  const good = await hub.json('POST', '/api/validate-yaml', { body: { content: card, repoType: 'dataset' } })
  expect(good).toEqual({ status: 200, body: { errors: [], warnings: [] } })
})
