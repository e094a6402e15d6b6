import { append } from '../../../append.ts'
import type { Finder, Finding, Page } from '../finding.ts'
import { findAddresses } from './address.ts'
import { findBank } from './bank.ts'
import { findCued } from './cued.ts'
import { findEmails } from './email.ts'
import { findIds } from './ids.ts'
import { findNetwork } from './network.ts'
import { findPhones } from './phone.ts'
import { findCoordinates } from './places.ts'
import { findSecrets } from './secrets.ts'
import { findWallets } from './wallet.ts'
import { findWeb } from './web.ts'

const anywhere: readonly Finder[] = [findEmails, findSecrets, findWeb, findWallets]
/** These need five digits somewhere near each other; most messages have none. */
const numeric: readonly Finder[] = [findBank, findIds, findPhones, findNetwork, findCoordinates]

/** Everything with a form of its own (all kinds but persons) in one text, overlapping findings included. */
export function findStructured(page: Page): Finding[] {
  const found = anywhere.flatMap((find) => find(page))
  if (page.survey.hasManyDigits || page.survey.hasHexPairs)
    append(
      found,
      numeric.flatMap((find) => find(page)),
    )
  append(found, findCued(page))
  if (page.survey.digitWindows.length > 0) append(found, findAddresses(page))
  return found
}
