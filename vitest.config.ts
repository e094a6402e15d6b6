import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/web/**/*.test.{ts,tsx}'],
    globalSetup: ['test/build.setup.ts'],
    // Half of a test's time is spent waiting for a database, a browser or another process, so two files at once are worth it on two cores, too.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Files share the cores with each other, worker threads, databases and browsers; a slow machine must not fail a correct test.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Where a red run costs a submission, a test that failed gets a second try; second-tries.reporter.ts names each that needed it.
    retry: process.env.CI ? 1 : 0,
    expect: { poll: { timeout: 120_000 } },
  },
})
