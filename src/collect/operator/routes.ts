import { administratorRoute, reply, type SiteRoute } from '../routes.ts'
import { readFigures } from './figures.ts'
import { printSiteMetrics } from './prometheus.ts'

/** What the operator watches. */
export const operatorRoutes: SiteRoute[] = [
  administratorRoute({ method: 'GET', path: '/api/operator/figures' }, async ({ site, url }) => {
    const minutes = Math.min(1440, Math.max(1, Math.floor(Number(url.searchParams.get('minutes') ?? 60)) || 60))
    return reply(await readFigures(site, minutes))
  }),
  administratorRoute(
    { method: 'GET', path: '/api/operator/metrics' },
    ({ site }) => new Response(printSiteMetrics(site), { headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' } }),
  ),
]
