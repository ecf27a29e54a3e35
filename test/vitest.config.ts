import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.{ts,tsx}'],
    // Many wait for sockets and child processes: more workers than cores keep the cores busy.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 20_000,
  },
})
