import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Before any test: the program as it is shipped, in dist/, once for all files that start it. */
export function setup(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
}
