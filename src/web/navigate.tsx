import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react'
import { type Place, readPlace } from './route.ts'

const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}
window.addEventListener('popstate', tell)

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
const address = () => location.pathname + location.search

/** The present place; renders again whenever the address changes. */
export function usePlace(): Place {
  const now = useSyncExternalStore(subscribe, address)
  const cut = now.indexOf('?')
  return cut < 0 ? readPlace(now, '') : readPlace(now.slice(0, cut), now.slice(cut))
}

/** Goes to an address of this site. `replace` leaves no entry in the history, for steps that Back should not repeat. */
export function navigate(href: string, how: 'push' | 'replace' = 'push'): void {
  if (href === address()) return
  const isNewPage = new URL(href, location.href).pathname !== location.pathname
  if (how === 'push') history.pushState(null, '', href)
  else history.replaceState(null, '', href)
  if (isNewPage) window.scrollTo(0, 0)
  tell()
}

/** A link inside the site: the browser's own behaviour for new tabs, no reload for a plain click. */
export function Link({ href, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(href)
  }
  return <a href={href} onClick={onClick} {...rest} />
}
