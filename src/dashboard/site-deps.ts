import type { DashboardDeps } from './deps.ts'
import type { Show } from './layout.tsx'

/** What the routes of pages are made with. */
export interface SiteDeps extends DashboardDeps {
  show: Show
}
