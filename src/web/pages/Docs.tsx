import { lazy, Suspense, useEffect, useRef } from 'react'
import { deskApi } from '../api.desk.ts'
import { Failed, Loading } from '../components/State/State.tsx'
import { useLoad } from '../load.ts'
import { Link, navigate } from '../navigate.tsx'
import { docsHref } from '../route.desk.ts'
import { texts } from '../texts.desk.ts'
import styles from './Docs.module.css'

const Markdown = lazy(() => import('../components/Markdown/Markdown.tsx'))

/** The documentation of the version that answers, with the list of its pages. */
export default function DocsPage({ name }: { name: string }) {
  const found = useLoad(`docs ${name}`, (signal) => deskApi.docs(name, signal))
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  const { pages, title, text } = found.value
  return (
    <div className={styles.page} key={found.value.name}>
      <nav aria-label={texts.docs.label} className={styles.nav}>
        <ul>
          {pages.map((page) => (
            <li key={page.name}>
              <Link href={docsHref(page.name)} aria-current={page.name === found.value.name ? 'page' : undefined}>
                {page.title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Text title={title} text={text} />
    </div>
  )
}

function Text({ title, text }: { title: string; text: string }) {
  const article = useRef<HTMLElement>(null)
  // Links of Markdown open elsewhere; those to other pages of the documentation stay in this window.
  useEffect(() => {
    const follow = (event: MouseEvent) => {
      const href = event.target instanceof Element ? (event.target.closest('a')?.getAttribute('href') ?? '') : ''
      if (!href.startsWith('/docs/') || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      navigate(href.replace(/#.*/, ''))
    }
    const element = article.current
    element?.addEventListener('click', follow)
    return () => element?.removeEventListener('click', follow)
  }, [])
  return (
    <article className={styles.text} ref={article}>
      <h1>{texts.docs.title}</h1>
      <h2>{title}</h2>
      <Suspense fallback={<Loading />}>
        <Markdown text={liftHeadings(text)} urlOf={urlOf} hasPictures={true} />
      </Suspense>
    </article>
  )
}

/** Takes the page's title away, which stands above, and lifts the headings below it by a step, but for lines in code. */
function liftHeadings(text: string): string {
  let isCode = false
  return text
    .replace(/^# .+\n/, '')
    .split('\n')
    .map((line) => {
      if (/^\s*```/.test(line)) isCode = !isCode
      return isCode ? line : line.replace(/^#(#+ )/, '$1')
    })
    .join('\n')
}

/** Links between pages stay inside; pictures come from the hub; what lies elsewhere in the repository has no address here. */
function urlOf(url: string): string {
  if (/^(https?:\/\/|mailto:|#)/i.test(url)) return url
  const page = /^([\w-]+)\.md(#[\w-]*)?$/.exec(url)
  if (page) return docsHref(page[1])
  const picture = /^pictures\/([\w.-]+)$/.exec(url)
  return picture ? `/api/docs/pictures/${picture[1]}` : ''
}
