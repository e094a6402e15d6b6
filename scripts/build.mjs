// Compiles src/ into dist/ and copies the files that code reads at run time (SQL, templates) beside the code that reads them.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync } from 'node:fs'
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
