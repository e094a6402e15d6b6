// Loaded before a measured command (`node --import`): at its end writes what the operating system accounted to it.
import { writeFileSync } from 'node:fs'

const startedAt = performance.now()
const { COLLOQUY_USAGE_FILE: file } = process.env
if (file) {
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
    writeFileSync(
      file,
      JSON.stringify({
        wallSeconds: (performance.now() - startedAt) / 1000,
        cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
        peakMiB: maxRSS / 1024,
      }),
    )
  })
}
