import { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Http2Bindings, type HttpBindings, serve } from '@hono/node-server'
import type { Hono } from 'hono'
import type { HubEnv } from './app.ts'
import { sendFile } from './protocol/file-stream.ts'

/** A server that is answering. `close` lets running answers end for up to ten seconds, then cuts them. */
export interface RunningServer {
  port: number
  close(): Promise<void>
}

const GRACE_MS = 10_000
/** Headers come at once. */
const HEADERS_MS = 30_000
/** A whole request may be a file of many gigabytes over a slow line; pauses in it are limited where bodies are read. */
const REQUEST_MS = 24 * 3600_000

/** Starts answering on a port (0: any free one); resolves once the port is open. */
export function startServer(app: Hono<HubEnv>, place: { host: string; port: number }): Promise<RunningServer> {
  return new Promise((resolve, reject) => {
    const fetch = async (request: Request, bindings: HttpBindings | Http2Bindings) => {
      const response = await app.fetch(request, bindings)
      return bindings.outgoing instanceof ServerResponse ? sendFile(response, bindings.outgoing) : response
    }
    const serverOptions = { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS }
    const server = serve({ fetch, hostname: place.host, port: place.port, serverOptions }, ({ port }: AddressInfo) =>
      resolve({ port, close }),
    )
    server.once('error', reject)
    const close = () =>
      new Promise<void>((done) => {
        const cut = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), GRACE_MS)
        server.close(() => {
          clearTimeout(cut)
          done()
        })
        if ('closeIdleConnections' in server) server.closeIdleConnections()
      })
  })
}
