import { APIError } from 'better-auth/api'
import { z } from 'zod'
import { readJson } from '../body.ts'
import { badRequest, conflict, HubError } from '../errors.ts'
import { openRoute, type Route } from '../routes.ts'
import { takeAttempt } from './attempts.ts'
import { authOf } from './auth.ts'
import { setCookies, sourceOf } from './login.ts'

const Forgot = z.object({ email: z.email().max(254) })
const Reset = z.object({ token: z.string().max(500), password: z.string().min(8, 'at least 8 characters').max(256) })
const Verify = z.object({ token: z.string().max(4000) })

/** What goes by mail: a new password, and the proof of an address. Answers are the same whether an address has an account or not. */
export const mailedRoutes: Route[] = [
  openRoute(
    { method: 'POST', path: '/api/password/forgot', summary: 'Have a link for a new password sent to your address', body: Forgot },
    async (call) => {
      const { hub, context, origin } = call
      const { email } = await readJson(context, Forgot)
      await takeAttempt(hub, [`forgot:${email.toLowerCase()}`, `from:${sourceOf(call)}`])
      if (!hub.options.mail) throw badRequest('This hub sends no mail. Ask its administrator for a new password.')
      await authOf(hub, origin).api.requestPasswordReset({ body: { email }, headers: context.req.raw.headers })
      return context.json({})
    },
  ),
  openRoute(
    { method: 'POST', path: '/api/password/reset', summary: 'Set a new password with the key of the link that was sent', body: Reset },
    async (call) => {
      const { hub, context, origin } = call
      await takeAttempt(hub, [`reset:${sourceOf(call)}`])
      const { token, password } = await readJson(context, Reset)
      try {
        await authOf(hub, origin).api.resetPassword({ body: { newPassword: password, token }, headers: context.req.raw.headers })
      } catch (error) {
        if (error instanceof APIError) throw linkOver()
        throw error
      }
      await hub.ledger.append({ actor: 'hub', action: 'password.reset' })
      return context.json({})
    },
  ),
  openRoute(
    {
      method: 'POST',
      path: '/api/verify',
      summary: 'Prove your address with the key of the link that was sent; logs you in',
      body: Verify,
    },
    async (call) => {
      const { hub, context, origin } = call
      await takeAttempt(hub, [`verify:${sourceOf(call)}`])
      const { token } = await readJson(context, Verify)
      const given = { body: { token }, headers: context.req.raw.headers, returnHeaders: true as const }
      const { headers: reply, response } = await authOf(hub, origin).api.proveAddress(given)
      if (response.outcome === 'over') throw linkOver()
      if (response.outcome === 'taken')
        throw conflict('AddressTaken', 'Another account has proven this address. Log in by that one, or ask the administrator.')
      setCookies(call, reply.getSetCookie())
      return context.json({})
    },
  ),
]

const linkOver = () => new HubError(400, 'LinkOver', 'This link has been used, or its time is over. Ask for another one.')
