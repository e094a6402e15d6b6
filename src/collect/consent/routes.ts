import { z } from 'zod'
import { SiteError } from '../errors.ts'
import { takeVisit } from '../guards/take.ts'
import { anyoneRoute, readInput, reply, type SiteCall, type SiteRoute } from '../routes.ts'
import { forgetCookie, personCookie } from './cookie.ts'
import { hashReceipt } from './people.ts'
import { findWithdrawal, withdrawPerson } from './withdraw.ts'

const Answer = z.strictObject({
  terms: z.string(),
  keep: z.boolean(),
  isOldEnough: z.boolean().optional(),
  captcha: z.string().max(10_000).optional(),
})
const Receipt = z.strictObject({ receipt: z.string().max(100).optional() })
const KnownReceipt = z.strictObject({ receipt: z.string().max(100) })

/** Terms, acceptance and withdrawal. */
export const consentRoutes: SiteRoute[] = [
  anyoneRoute({ method: 'GET', path: '/api/consent' }, async (call) => reply(await viewConsent(call, call.person))),
  anyoneRoute({ method: 'POST', path: '/api/consent' }, async (call) => {
    const { site, request, account } = call
    await takeVisit(site, call.origin)
    const { terms, keep, isOldEnough, captcha } = await readInput(request, Answer)
    if (terms !== site.terms.version) throw new SiteError(409, 'terms-changed', 'The terms have changed meanwhile. Read them again.')
    if (site.terms.minimumAge !== null && isOldEnough !== true) {
      throw new SiteError(400, 'age-unconfirmed', `Confirm that you are ${site.terms.minimumAge} years old or older.`)
    }
    await checkCaptcha(call, captcha)
    const isOver = call.person !== undefined && (await site.people.isWithdrawn(call.person))
    const cookie = account || (call.person !== undefined && !isOver) ? undefined : site.people.makeCookie()
    const person = cookie === undefined ? call.person : site.people.ofCookie(cookie)
    if (keep && person !== undefined) await site.people.accept(person, terms, account?.id)
    site.meters.consent(keep)
    const headers: Record<string, string> =
      cookie === undefined ? {} : { 'Set-Cookie': personCookie(cookie, call.base.startsWith('https:')) }
    return reply(await viewConsent(call, person), 201, headers)
  }),
  anyoneRoute({ method: 'POST', path: '/api/withdrawals' }, async (call) => {
    const { site, request } = call
    await takeVisit(site, call.origin)
    const { receipt } = await readInput(request, Receipt)
    const person = receipt === undefined ? await knownPerson(call) : (await site.people.findReceipt(receipt))?.person
    if (person === undefined) throw receiptUnknown()
    const done = await withdrawPerson(site, person)
    site.meters.withdrawal()
    return reply(done, 202, person === call.person ? { 'Set-Cookie': forgetCookie(call.base.startsWith('https:')) } : {})
  }),
  anyoneRoute({ method: 'POST', path: '/api/withdrawals/status' }, async ({ site, request, origin }) => {
    await takeVisit(site, origin)
    const { receipt } = await readInput(request, KnownReceipt)
    const withdrawal = await findWithdrawal(site, hashReceipt(receipt))
    if (!withdrawal && !(await site.people.findReceipt(receipt))) throw receiptUnknown()
    return reply({ recordedAt: withdrawal?.recordedAt ?? null })
  }),
]

const receiptUnknown = () => new SiteError(404, 'receipt-unknown', 'Nobody has this receipt code. Check it letter by letter.')

/** The person of this browser, where they ever accepted. */
async function knownPerson({ site, person }: SiteCall): Promise<string | undefined> {
  return person !== undefined && (await site.people.consentOf(person)) ? person : undefined
}

async function viewConsent({ site }: SiteCall, person: string | undefined) {
  const answer = person === undefined ? undefined : await site.people.consentOf(person)
  const { captchaSiteKey } = site.options
  return {
    terms: site.terms,
    answer: answer ?? null,
    isCurrent: answer?.terms === site.terms.version,
    isKnown: person !== undefined,
    receipt: person !== undefined && answer ? site.people.receiptOf(person) : null,
    captcha: site.verifyCaptcha && captchaSiteKey !== undefined ? { siteKey: captchaSiteKey } : null,
  }
}

async function checkCaptcha({ site, person }: SiteCall, token: string | undefined): Promise<void> {
  // Whom the site knows has solved one.
  if (!site.verifyCaptcha || person !== undefined) return
  if (token === undefined) throw new SiteError(403, 'captcha-required', 'Solve the puzzle first.')
  if (!(await site.verifyCaptcha(token))) throw new SiteError(403, 'captcha-failed', 'The puzzle was not solved. Try another one.')
}
