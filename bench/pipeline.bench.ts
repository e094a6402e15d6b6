import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Trial } from './main.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const count = Number(process.env.COLLOQUY_BENCH_CONVERSATIONS ?? 20_000)

interface Usage {
  wallSeconds: number
  cpuSeconds: number
  peakMiB: number
}

/** The label-only part of the default recipe: what the pipeline costs without redaction, moderation and duplicates. */
const plainRecipe = `name: plain
consent: assumed
renames: lmsys
labels: [language, tokens, format]
rules: [bad-format, network-error, error-text, moderation-stub, cursor, { rule: too-short, prompts: 16 }, { rule: templated, keep: 100 }]
columns: [language_code, tokens, started_at]
`

/** Each stage on synthetic logs of LMSYS's proportions, as a process of its own. COLLOQUY_BENCH_CONVERSATIONS sets the size (default 20,000). */
export const trials: Trial[] = [
  { name: 'language, tokens and rules', run: () => measurePipeline(plainRecipe) },
  { name: 'the default recipe', run: () => measurePipeline(null) },
]

async function measurePipeline(recipe: string | null): Promise<Record<string, number | string>> {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-'))
  const [logs, work, out] = [join(folder, 'logs'), join(folder, 'work'), join(folder, 'release')]
  if (recipe !== null) writeFileSync(join(folder, 'recipe.yaml'), recipe)
  try {
    const stages: [string, string[]][] = [
      ['synth', ['synth', '--conversations', String(count), '--seed', '42', '--out', logs]],
      ['ingest', ['ingest', logs, '--work', work]],
      ['curate', ['curate', '--work', work, ...(recipe === null ? [] : ['--recipe', join(folder, 'recipe.yaml')])]],
      ['release', ['release', '--work', work, '--out', out]],
    ]
    const figures: Record<string, number | string> = { conversations: count }
    const usages: Usage[] = []
    for (const [stage, args] of stages) {
      const usage = measure(args, join(folder, 'usage.json'))
      figures[`${stage} s`] = round(usage.wallSeconds)
      figures[`${stage} conversations/s`] = Math.round(count / usage.wallSeconds)
      figures[`${stage} processor s`] = round(usage.cpuSeconds)
      figures[`${stage} peak MiB`] = Math.round(usage.peakMiB)
      if (stage === 'synth') figures['logs MB'] = round(sizeOf(logs) / 1e6)
      else usages.push(usage)
    }
    const seconds = usages.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0)
    figures['build conversations/s'] = Math.round(count / seconds)
    figures['build log MB/s'] = round(sizeOf(logs) / 1e6 / seconds)
    figures['build processor s'] = round(usages.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0))
    figures['build peak MiB'] = Math.round(Math.max(...usages.map(({ peakMiB }) => peakMiB)))
    return figures
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function measure(args: readonly string[], usageFile: string): Usage {
  execFileSync(process.execPath, ['--import', join(root, 'bench/usage.mjs'), join(root, 'dist/cli/main.js'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, COLLOQUY_USAGE_FILE: usageFile },
  })
  return JSON.parse(readFileSync(usageFile, 'utf8')) as Usage
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
