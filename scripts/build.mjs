// Compiles src/ into dist/ and copies the files that code reads at run time (SQL, templates) beside the code that reads them.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`], {
  cwd: root,
  stdio: 'inherit',
})
const carried = /\.(sql|md|yaml|json|txt)$/
cpSync(`${root}src`, `${root}dist`, {
  recursive: true,
  filter: (path) => !path.includes('src/web') && (carried.test(path) || !/\.[^/.]+$/.test(path)),
})
if (existsSync(`${root}dist/cli/main.js`)) chmodSync(`${root}dist/cli/main.js`, 0o755)

// The pages, when they or what builds them changed since the last build: every test run builds, and this part takes seconds.
const webFolder = `${root}dist/web`
const stamp = createHash('sha256')
for (const path of [
  'scripts/build.mjs',
  'vite.config.ts',
  'package-lock.json',
  ...readdirSync(`${root}src/web`, { recursive: true })
    .map((name) => `src/web/${name}`)
    .sort(),
]) {
  if (statSync(root + path).isFile())
    stamp
      .update(path)
      .update('\0')
      .update(readFileSync(root + path))
}
const wanted = stamp.digest('hex')
const stampFile = `${webFolder}/.built-from`
if (existsSync(`${root}node_modules/vite`) && !(existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted)) {
  const part = `${root}dist/.web-${process.pid}`
  const arguments_ = ['build', '--config', `${root}vite.config.ts`, '--outDir', part, '--emptyOutDir', '--logLevel', 'warn']
  execFileSync(process.execPath, [`${root}node_modules/vite/bin/vite.js`, ...arguments_], {
    cwd: root,
    stdio: 'inherit',
    // A test run builds too, and its NODE_ENV would put React's slower, larger development build into the pages.
    env: { ...process.env, NODE_ENV: 'production' },
  })
  writeFileSync(`${part}/.built-from`, wanted)
  rmSync(webFolder, { recursive: true, force: true })
  renameSync(part, webFolder)
}
