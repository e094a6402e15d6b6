import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/web/**/*.test.{ts,tsx}'],
    globalSetup: ['test/build.setup.ts'],
    // Files share two cores with worker threads and databases; a slow machine must not fail a correct test.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
