import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { HubError } from '../errors.ts'
import { openRoute, type Route } from '../routes.ts'

const folder = fileURLToPath(new URL('../../../docs', import.meta.url))
const PageName = z.object({ name: z.string(), title: z.string() })

/** The documentation that lies beside the program, so that it fits the version that answers. */
export const docsRoutes: Route[] = [
  openRoute({ method: 'GET', path: '/api/docs', summary: 'The pages of the documentation, and the first of them' }, ({ context }) =>
    context.json(readPage('hub')),
  ),
  openRoute(
    {
      method: 'GET',
      path: '/api/docs/:page',
      summary: 'A page of the documentation as Markdown',
      reply: z.object({ name: z.string(), title: z.string(), text: z.string(), pages: z.array(PageName) }),
    },
    ({ context }) => context.json(readPage(context.req.param('page') ?? '')),
  ),
  openRoute({ method: 'GET', path: '/api/docs/pictures/:file', summary: 'A picture of the documentation' }, ({ context }) => {
    const file = context.req.param('file') ?? ''
    const pictures = join(folder, 'pictures')
    // Names come from the folder, never from the request: no path can be built.
    if (!existsSync(pictures) || !readdirSync(pictures).includes(file)) throw notThere(file)
    context.header('Content-Type', file.endsWith('.svg') ? 'image/svg+xml' : 'image/png')
    context.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    return context.body(Uint8Array.from(readFileSync(join(pictures, file))))
  }),
]

function readPage(name: string) {
  const pages = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith('.md'))
    .map((file) => ({ name: file.slice(0, -3), title: titleOf(readFileSync(join(folder, file), 'utf8')) }))
    .sort((a, b) => (a.title < b.title ? -1 : 1))
  const page = pages.find((one) => one.name === name)
  if (!page) throw notThere(name)
  return { ...page, text: readFileSync(join(folder, `${page.name}.md`), 'utf8'), pages }
}

const titleOf = (text: string) => /^# (.+)$/m.exec(text)?.[1] ?? ''
const notThere = (name: string) => new HubError(404, 'PageNotFound', `The documentation has no page '${name.slice(0, 100)}'.`)
