import { defineConfig } from 'vitest/config'

/** These replace a module of Node for themselves alone. */
const MOCKING = ['test/receipts/guarded-agent.test.ts', 'test/store/writer.test.ts']
/** Half a minute each: they run with `npm run faults`. */
const LONG = ['test/faults/{blind-list,invite}.test.ts']
const common = { testTimeout: 30_000, hookTimeout: 20_000 }

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    globalSetup: ['test/support/built.ts'],
    // Many wait for sockets and child processes: more workers than cores keep the cores busy.
    maxWorkers: 4,
    projects: [
      {
        // The program is loaded once for each worker, not once for each file: loading it takes longer than most files do.
        test: {
          ...common,
          name: 'together',
          isolate: false,
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...MOCKING, ...LONG],
        },
      },
      { test: { ...common, name: 'alone', include: MOCKING } },
    ],
  },
})
