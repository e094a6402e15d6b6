import { anyoneRoute, reply, type SiteRoute } from '../routes.ts'
import type { Model } from './models.ts'

/** The models that people may choose. */
export const modelRoutes: SiteRoute[] = [
  anyoneRoute({ method: 'GET', path: '/api/models' }, ({ site }) =>
    reply({ models: site.models.all.filter(({ config }) => !config.anonymousOnly).map(viewModel) }),
  ),
]

/** A model as everyone may see it: nothing of its endpoint, key or system prompt. */
function viewModel({ config, status }: Model) {
  const { name, description, isDemonstration, licence, card, price, parameters, maxTokens } = config
  return { name, description, isDemonstration, licence, card, price, status: status(), defaults: parameters, limits: { maxTokens } }
}
