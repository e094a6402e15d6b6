import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../storage/postgres.server.ts'

/** Where nginx is installed; undefined where it is not. It is for measuring and testing only. */
export const nginxProgram = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx'].find(existsSync)

/** Starts nginx with one server, whose directives are given; its own files lie in a new folder in `folder`. */
export async function startNginx(folder: string, directives: string): Promise<{ url: string; stop(): Promise<void> }> {
  if (!nginxProgram) throw new Error('nginx is not installed')
  const port = await freePort()
  const own = join(folder, 'nginx')
  mkdirSync(own)
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${own}/${name};`).join(' ')
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  writeFileSync(
    join(own, 'nginx.conf'),
    `daemon off; ${user} worker_processes 1; pid ${own}/pid; error_log ${own}/error.log; events {}
http { access_log off; sendfile on; tcp_nopush on; ${paths} server { listen 127.0.0.1:${port}; ${directives} } }`,
  )
  const child = spawn(nginxProgram, ['-p', own, '-c', join(own, 'nginx.conf')], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      break
    if (child.exitCode !== null) throw new Error(`nginx did not start; see ${own}/error.log`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** The parts of docs/operations.md that an operator copies, with a hub's address and the folder of its files in their places. */
export function nginxLocations({ hub, files }: { hub: string; files: string }): string {
  const docs = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const locations = (docs.match(/^ {2}location [^\n]*\{[\s\S]*?^ {2}\}/gm) ?? []).join('\n')
  return locations.replace('http://127.0.0.1:8080', hub).replace('/srv/hub/files/', `${files}/`)
}
