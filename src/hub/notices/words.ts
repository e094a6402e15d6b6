import type { Notice } from './notify.ts'

const day = (date: Date) => date.toISOString().slice(0, 10)

/** Somebody asks for access and waits for a decision. */
export const accessRequested = (dataset: string, user: string, level: string): Notice => ({
  event: 'access.requested',
  subject: `${user} asks for ${dataset}`,
  text: `${user} asks for access to ${level === 'raw' ? 'the raw data of ' : ''}${dataset} and waits for a decision.`,
  page: `/datasets/${dataset}`,
  data: { user, level },
})

/** A decision on somebody's access. */
export const accessDecided = (
  dataset: string,
  given: { user: string; level: string; status: string; reason: string | null; expiresAt: Date | null },
): Notice => ({
  event: 'access.decided',
  subject: `Your access to ${dataset}: ${given.status}`,
  text: [
    `Your access to ${given.level === 'raw' ? 'the raw data of ' : ''}${dataset} is ${given.status}.`,
    ...(given.reason ? [`Reason: ${given.reason}`] : []),
    ...(given.expiresAt ? [`It ends on ${day(given.expiresAt)}.`] : []),
  ].join('\n'),
  page: `/datasets/${dataset}`,
  data: { user: given.user, level: given.level, status: given.status },
})

/** A grant that ends soon. */
export const accessExpiring = (dataset: string, user: string, expiresAt: Date): Notice => ({
  event: 'access.expiring',
  subject: `Your access to ${dataset} ends on ${day(expiresAt)}`,
  text: `Your access to ${dataset} ends on ${day(expiresAt)}. After that you may ask again.`,
  page: `/datasets/${dataset}`,
  data: { user, expiresAt: expiresAt.toISOString() },
})

/** New terms, and by when they must be agreed to. */
export const termsChanged = (dataset: string, version: number, by: Date | null): Notice => ({
  event: 'terms.changed',
  subject: `The terms of ${dataset} have changed`,
  text: by
    ? `The terms of ${dataset} have changed (version ${version}). Access under earlier terms ends on ${day(by)}: read and accept the new ones before.`
    : `The terms of ${dataset} have changed (version ${version}). Please read them.`,
  page: `/datasets/${dataset}`,
  data: { version, by: by?.toISOString() ?? null },
})

/** Somebody asks for a deletion. */
export const deletionRequested = (dataset: string, id: string): Notice => ({
  event: 'deletion.requested',
  subject: `A deletion is asked for in ${dataset}`,
  text: `Somebody asks for a conversation, or all of a person's, to be deleted from ${dataset}. The request waits for a decision.`,
  page: `/datasets/${dataset}`,
  data: { request: id },
})

/** A decision on a request for deletion. */
export const deletionDecided = (dataset: string, id: string, status: string, note: string): Notice => ({
  event: 'deletion.decided',
  subject: `Your request for deletion from ${dataset}: ${status}`,
  text: [`Your request for deletion from ${dataset} is ${status}.`, ...(note ? [note] : [])].join('\n'),
  page: `/datasets/${dataset}`,
  data: { request: id, status },
})

/** All copies are to be deleted, or that has not been confirmed yet. The page carries the person's own key. */
export const licenceDemanded = (
  dataset: string,
  given: { id: string; user: string; text: string; dueAt: Date; page: string; isTermination: boolean; isReminder: boolean },
): Notice => ({
  event: given.isReminder ? 'licence.reminded' : 'licence.demanded',
  subject: `${given.isReminder ? 'Reminder: d' : 'D'}elete all copies of ${dataset} by ${day(given.dueAt)}`,
  text: [
    ...(given.isTermination ? [`Your licence for ${dataset} has ended, and so has your access.`] : []),
    `The licensor of ${dataset} demands that you delete every copy, also in backups and derived sets, by ${day(given.dueAt)}, and confirm it in writing.`,
    `They write:\n\n${given.text}`,
    'Confirm here; no log-in is needed:',
  ].join('\n\n'),
  page: given.page,
  data: { demand: given.id, user: given.user, dueAt: given.dueAt.toISOString() },
})
