import { execFileSync } from 'node:child_process'

/** Worker threads and the command line run compiled code, so every test run compiles first (about a second). */
export default function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' })
}
