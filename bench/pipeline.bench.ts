import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
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

/** Each stage on synthetic logs of LMSYS's proportions, as a process of its own. COLLOQUY_BENCH_CONVERSATIONS sets the size (default 20,000). */
export const trials: Trial[] = [
  {
    name: 'pipeline',
    run: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-'))
      try {
        const logs = join(folder, 'logs')
        const work = join(folder, 'work')
        const out = join(folder, 'release')
        const stages: [string, string[]][] = [
          ['synth', ['synth', '--conversations', String(count), '--seed', '42', '--out', logs]],
          ['ingest', ['ingest', logs, '--work', work]],
          ['curate', ['curate', '--work', work]],
          ['release', ['release', '--work', work, '--out', out]],
        ]
        const figures: Record<string, number | string> = { conversations: count }
        let seconds = 0
        let peak = 0
        for (const [stage, args] of stages) {
          const usage = measure(args, join(folder, 'usage.json'))
          figures[`${stage} s`] = round(usage.wallSeconds)
          figures[`${stage} conversations/s`] = Math.round(count / usage.wallSeconds)
          figures[`${stage} cores`] = round(usage.cpuSeconds / usage.wallSeconds)
          figures[`${stage} peak MiB`] = Math.round(usage.peakMiB)
          if (stage === 'synth') figures['logs MB'] = round(sizeOf(logs) / 1e6)
          else {
            seconds += usage.wallSeconds
            peak = Math.max(peak, usage.peakMiB)
          }
        }
        figures['build conversations/s'] = Math.round(count / seconds)
        figures['build log MB/s'] = round(sizeOf(logs) / 1e6 / seconds)
        figures['build peak MiB'] = Math.round(peak)
        return figures
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  },
]

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
