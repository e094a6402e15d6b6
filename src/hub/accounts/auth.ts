import { createHmac } from 'node:crypto'
import { type BetterAuthPlugin, betterAuth } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { verifyJWT } from 'better-auth/crypto'
import { genericOAuth, username } from 'better-auth/plugins'
import { z } from 'zod'
import { isUniqueViolation } from '../../storage/database.ts'
import { notAllowed } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { sendMail } from '../notices/mail.ts'
import { authAdapter } from './auth.adapter.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { NamePattern, suggestName } from './users.ts'

/** A session lasts two weeks from its last renewal. */
const LASTS_SECONDS = 14 * 86_400

/** Name of the session cookie; `__Host-` ties it to this host and to https, where there is https. */
const cookieName = (isSecure: boolean): string => (isSecure ? '__Host-colloquy' : 'colloquy')

/** better-auth, set up for this hub at one address. */
export type Auth = ReturnType<typeof makeAuth>

const instances = new WeakMap<Hub, Map<string, Auth>>()

/** Addresses come from requests where the operator named none, so only the last few are kept. */
const KEPT = 8

/** The hub's accounts at an address (`https://data.example.org`). */
export function authOf(hub: Hub, origin: string): Auth {
  const own = instances.get(hub) ?? new Map<string, Auth>()
  instances.set(hub, own)
  const known = own.get(origin)
  if (known) return known
  if (own.size >= KEPT) for (const first of own.keys()) if (own.delete(first)) break
  const auth = makeAuth(hub, origin)
  own.set(origin, auth)
  return auth
}

function makeAuth(hub: Hub, origin: string) {
  const isSecure = origin.startsWith('https://')
  const { mail, oidc } = hub.options
  return betterAuth({
    appName: 'Colloquy',
    baseURL: origin,
    basePath: '/api/auth',
    secret: createHmac('sha256', hub.signingKey).update('accounts').digest('hex'),
    database: authAdapter(hub.database, { onlyProven: mail === undefined }),
    // It says addresses of people in its log; what matters is in our ledger.
    logger: { disabled: true },
    telemetry: { enabled: false },
    // Attempts are counted by our own routes, which are the only way in.
    rateLimit: { enabled: false },
    advanced: {
      useSecureCookies: false,
      cookiePrefix: 'colloquy',
      cookies: { session_token: { name: cookieName(isSecure) } },
      defaultCookieAttributes: { secure: isSecure, httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { disableIpTracking: true },
    },
    user: {
      modelName: 'users',
      fields: { name: 'fullname', emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    session: {
      modelName: 'sessions',
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
        userAgent: 'user_agent',
        ipAddress: 'ip_address',
      },
      expiresIn: LASTS_SECONDS,
    },
    account: {
      modelName: 'credentials',
      encryptOAuthTokens: true,
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'verifications',
      storeIdentifier: 'hashed',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 8,
      maxPasswordLength: 256,
      password: { hash: hashPassword, verify: ({ hash, password }) => isPassword(hash, password) },
      // With mail, an address is proven before anyone gets in by it, and an address that is taken is answered like a new one.
      requireEmailVerification: mail !== undefined,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: 3600,
      ...(mail
        ? {
            sendResetPassword: async ({ user, token }: { user: { email: string }; token: string }) =>
              sendMail(hub, { event: 'password.reset', to: user.email, ...resetMail(`${origin}/reset#token=${token}`) }),
            onExistingUserSignUp: async ({ user }: { user: { email: string } }) =>
              sendMail(hub, { event: 'signup.repeated', to: user.email, ...knownMail(origin) }),
          }
        : {}),
    },
    ...(mail
      ? {
          emailVerification: {
            sendOnSignUp: true,
            sendOnSignIn: true,
            autoSignInAfterVerification: true,
            expiresIn: 86_400,
            sendVerificationEmail: async ({ user, token }: { user: { email: string }; token: string }) =>
              sendMail(hub, { event: 'address.asked', to: user.email, ...proveMail(`${origin}/verify#token=${token}`) }),
          },
        }
      : {}),
    databaseHooks: {
      user: {
        create: {
          after: async (user) => {
            const name = typeof user.displayUsername === 'string' ? user.displayUsername : ''
            await hub.ledger.append({ actor: name, action: 'user.created', detail: { user: name, role: 'reader' } })
          },
        },
      },
      session: {
        create: {
          before: async (session) => {
            if (await isDisabled(hub, session.userId)) throw notAllowed('This account is closed. Ask an administrator of the hub.')
          },
        },
      },
    },
    plugins: [
      username({
        minUsernameLength: 1,
        maxUsernameLength: 96,
        // Asked at every log-in, too: whether a name is free is asked where accounts are made.
        usernameValidator: (name) => NamePattern.test(name),
        schema: { user: { fields: { username: 'username', displayUsername: 'name' } } },
      }),
      sessionPlugin(),
      ...(oidc
        ? [
            genericOAuth({
              config: [
                {
                  providerId: 'oidc',
                  discoveryUrl: `${oidc.issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`,
                  clientId: oidc.clientId,
                  clientSecret: oidc.clientSecret,
                  scopes: ['openid', 'email', 'profile'],
                  pkce: true,
                  mapProfileToUser: async (profile) => {
                    const wanted = [profile.preferred_username, profile.nickname, profile.email?.split('@')[0], profile.name]
                    const name = await suggestName(hub.database, wanted.map(String))
                    return { username: name, displayUsername: name, name: typeof profile.name === 'string' ? profile.name : name }
                  },
                },
              ],
            }),
          ]
        : []),
    ],
  })
}

const Proof = z.object({ email: z.string(), userId: z.string(), updateTo: z.undefined().optional() })

/**
 * Sessions that the hub starts itself: for the first administrator, after a new password, and in place of one that has grown old. And the proof of an
 * address by the account that its link was made for: several may name the same one, which better-auth's own looks up by the address.
 */
function sessionPlugin() {
  return {
    id: 'colloquy-sessions',
    endpoints: {
      startSession: createAuthEndpoint(
        '/start-session',
        { method: 'POST', body: z.object({ userId: z.string(), instead: z.string().optional() }) },
        async (ctx) => {
          const { internalAdapter } = ctx.context
          const user = await internalAdapter.findUserById(ctx.body.userId)
          if (!user) throw new Error('there is no account for the new session')
          const session = await internalAdapter.createSession(user.id)
          if (ctx.body.instead) await internalAdapter.deleteSession(ctx.body.instead)
          await setSessionCookie(ctx, { session, user })
          return ctx.json({ userId: user.id })
        },
      ),
      proveAddress: createAuthEndpoint('/prove-address', { method: 'POST', body: z.object({ token: z.string() }) }, async (ctx) => {
        const { internalAdapter, secret } = ctx.context
        const proof = Proof.safeParse(await verifyJWT(ctx.body.token, secret))
        const user = proof.success ? await internalAdapter.findUserById(proof.data.userId) : null
        if (!user || user.email.toLowerCase() !== proof.data?.email) return ctx.json({ outcome: 'over' as const })
        // A link proves an address as often as it is followed, and logs in once.
        if (user.emailVerified) return ctx.json({ outcome: 'proven' as const })
        try {
          await internalAdapter.updateUser(user.id, { emailVerified: true })
        } catch (error) {
          if (isUniqueViolation(error)) return ctx.json({ outcome: 'taken' as const })
          throw error
        }
        const session = await internalAdapter.createSession(user.id)
        await setSessionCookie(ctx, { session, user: { ...user, emailVerified: true } })
        return ctx.json({ outcome: 'proven' as const })
      }),
    },
  } satisfies BetterAuthPlugin
}

async function isDisabled(hub: Hub, userId: string): Promise<boolean> {
  const Known = z.object({ id: z.string() })
  return (await hub.database.select(Known, 'select id from users where id = $1 and disabled_at is not null', [userId])).length > 0
}

const resetMail = (url: string) => ({
  subject: 'A new password',
  text: `Somebody, probably you, asked for a new password for your account. Choose it here within an hour:\n\n${url}\n\nIf it was not you, do nothing: your password stays as it is.`,
})
const proveMail = (url: string) => ({
  subject: 'Is this your address?',
  text: `Somebody, probably you, gave this address for an account. Say that it is yours here within a day:\n\n${url}\n\nIf it was not you, do nothing.`,
})
const knownMail = (origin: string) => ({
  subject: 'You have an account already',
  text: `Somebody, probably you, tried to sign up with this address, which has an account. Log in, or ask for a new password, at\n\n${origin}/sign-in\n\nIf it was not you, do nothing.`,
})
