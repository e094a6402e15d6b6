import { createReadStream, existsSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context } from 'hono'
import { streamOf } from './protocol/serve-content.ts'

/** Where the build puts the web pages: `dist/web`, beside the compiled hub. */
export const webFolder: string = fileURLToPath(new URL('../../dist/web', import.meta.url))

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  wasm: 'application/wasm',
  woff2: 'font/woff2',
  map: 'application/json; charset=utf-8',
}

/** A file of the web pages, or their one page for every other address that is not the API's; undefined where the pages are not built. */
export function servePage(context: Context, folder: string): Response | undefined {
  if (!['GET', 'HEAD'].includes(context.req.method) || context.req.path.startsWith('/api/')) return undefined
  const index = join(folder, 'index.html')
  if (!existsSync(index)) return undefined
  const wanted = resolve(folder, `.${sep}${context.req.path}`)
  const isInside = wanted.startsWith(folder + sep) && existsSync(wanted) && statSync(wanted).isFile()
  const path = isInside ? wanted : index
  context.header('Content-Type', types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream')
  // Names of built assets carry a hash of their content.
  context.header('Cache-Control', isInside && context.req.path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
  return context.req.method === 'HEAD' ? context.body(null) : context.body(streamOf(createReadStream(path)))
}
