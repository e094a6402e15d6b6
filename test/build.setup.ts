import { execFileSync } from 'node:child_process'
import chromium from '@sparticuz/chromium'

/** Worker threads and the command line run compiled code, so every test run compiles first (about a second). */
export default async function setup(): Promise<void> {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' })
  // It unpacks itself at the first call, and two test files at once would start what the other has half unpacked.
  await chromium.executablePath()
}
