import type { World } from './command.ts'

/** Reports how far a long step is: a line that overwrites itself on a terminal, elsewhere a log line every ten seconds. */
export function openProgress(world: World, step: string, unit: string): { at(done: number, total: number): void; end(): void } {
  const startedAt = world.now().getTime()
  let shownAt = 0
  return {
    at(done, total) {
      const now = world.now().getTime()
      if (now - shownAt < (world.status ? 100 : 10_000)) return
      shownAt = now
      const seconds = Math.max((now - startedAt) / 1000, 0.001)
      const rate = Math.round(done / seconds)
      if (world.status) {
        const share = total > 0 ? done / total : 0
        const left = share > 0 ? Math.round(seconds / share - seconds) : 0
        world.status(`${step.padEnd(8)} ${bar(share)} ${Math.floor(share * 100)} %  ${rate.toLocaleString('en')} ${unit}/s  ${left} s left`)
      } else world.log.info(`${step}.progressed`, { done, total, unit, perSecond: rate })
    },
    end() {
      world.status?.('')
    },
  }
}

function bar(share: number): string {
  const width = 24
  const full = Math.min(width, Math.round(share * width))
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`
}
