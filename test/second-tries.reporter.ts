import type { Reporter, TestCase } from 'vitest/node'

/** Says at the end of a run which tests passed only at their second try: each of them is a race to mend, not a success. */
export default class SecondTries implements Reporter {
  private readonly names: string[] = []

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.names.push(`${test.module.relativeModuleId} > ${test.fullName}`)
  }

  onTestRunEnd(): void {
    for (const name of this.names) process.stdout.write(`PASSED AT THE SECOND TRY ONLY: ${name}\n`)
  }
}
