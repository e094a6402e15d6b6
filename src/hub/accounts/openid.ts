import { z } from 'zod'
import { badRequest } from '../errors.ts'
import { openRoute, type Route } from '../routes.ts'
import { takeAttempt } from './attempts.ts'
import { authOf } from './auth.ts'
import { setCookies, sourceOf } from './login.ts'

const Options = z.object({ openid: z.string().nullable(), hasMail: z.boolean() })

/** Logging in by an OpenID provider, such as a university's. */
export const openidRoutes: Route[] = [
  openRoute(
    {
      method: 'GET',
      path: '/api/login/options',
      summary: 'How people can log in: by which provider, and whether the hub sends mail',
      reply: Options,
    },
    ({ hub, context }) => context.json({ openid: hub.options.oidc?.name ?? null, hasMail: hub.options.mail !== undefined }),
  ),
  openRoute({ method: 'GET', path: '/api/login/openid', summary: 'Log in by the OpenID provider: leads to it' }, async (call) => {
    const { hub, context, origin } = call
    await takeAttempt(hub, [`openid:${sourceOf(call)}`])
    if (!hub.options.oidc) throw badRequest('This hub has no OpenID provider. Log in by password.')
    const body = { provider: 'oidc', callbackURL: '/', errorCallbackURL: '/sign-in', disableRedirect: true }
    const { headers, response } = await authOf(hub, origin).api.signInSocial({
      body,
      headers: context.req.raw.headers,
      returnHeaders: true,
    })
    setCookies(call, headers.getSetCookie())
    if (!response.url) throw badRequest('The OpenID provider cannot be reached. Try again later, or log in by password.')
    return context.redirect(response.url)
  }),
  openRoute(
    { method: 'GET', path: '/api/auth/callback/oidc', summary: 'Where the OpenID provider sends people back to; sets the session cookie' },
    async ({ hub, context, origin }) => {
      // The library compares the address with its own, which a proxy may have changed.
      const url = new URL(context.req.url)
      const reply = await authOf(hub, origin).handler(
        new Request(`${origin}${url.pathname}${url.search}`, { headers: context.req.raw.headers }),
      )
      return new Response(reply.body, reply)
    },
  ),
]
