import type { Site } from '../site.ts'

/**
 * Counts what tells a program from a person's browser. It refuses nothing: a research script with a cookie is welcome within the limits, and whoever wants
 * to get in can send these headers; the operator sees how much traffic has them, and the leaderboard has its own check of voters.
 */
export function noticeBot({ meters }: Site, headers: Headers): void {
  const agent = headers.get('user-agent') ?? ''
  if (agent === '') meters.bot('no-agent')
  else if (/bot|crawl|spider|curl|wget|python|node|axios|go-http|java\/|headless/i.test(agent)) meters.bot('program')
  if (headers.get('sec-fetch-site') === null) meters.bot('no-fetch-metadata')
  if (headers.get('accept-language') === null) meters.bot('no-language')
}
