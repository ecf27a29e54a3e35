import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    globalSetup: ['test/support/built.ts'],
    include: ['test/**/*.test.{ts,tsx}'],
    // Half a minute each: they run with `npm run faults`.
    exclude: ['test/faults/{blind-list,invite}.test.ts'],
    // Many wait for sockets and child processes: more workers than cores keep the cores busy.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 20_000,
  },
})
