import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

/** A named measurement; its figures carry their units in their names. */
export interface Trial {
  name: string
  run(): Promise<Record<string, number | string>>
}

const folder = fileURLToPath(new URL('.', import.meta.url))
const wanted = process.argv.slice(2)

// `npm run bench` runs everything; `npm run bench -- tokens pipeline` the trials of those files; `npm run bench -- hub:FTS5` those whose name has the word.
// Compiled code is measured, as users run it.
execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder, stdio: 'inherit' })
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: folder, encoding: 'utf8' }).trim()
console.log(
  `${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
)
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .sort()) {
  const stage = file.replace('.bench.ts', '')
  const parts = wanted.filter((one) => one === stage || one.startsWith(`${stage}:`)).map((one) => one.slice(stage.length + 1))
  if (wanted.length > 0 && parts.length === 0) continue
  const { trials } = (await import(`./${file}`)) as { trials: Trial[] }
  for (const { name, run } of trials) {
    if (wanted.length > 0 && !parts.some((part) => name.includes(part))) continue
    console.log(`\n${stage}: ${name}`)
    const figures = Object.entries(await run())
    const width = Math.max(...figures.map(([figure]) => figure.length))
    for (const [figure, value] of figures)
      console.log(`  ${figure.padEnd(width)}  ${typeof value === 'number' ? value.toLocaleString('en') : value}`)
  }
}
