import { expect, test } from 'vitest'
import { commands } from '../../src/cli/commands.ts'
import { runCli } from './world.ts'

test('help names every command, and every command explains its flags', async () => {
  const { out } = await runCli(['help'])
  for (const [name, command] of Object.entries(commands)) {
    expect(out).toContain(name)
    const { code, out: help } = await runCli([name, '--help'])
    expect(code).toBe(0)
    for (const setting of command.settings) expect(help).toContain(`--${setting}`)
  }
})

test('an unknown command, flag or value is named with the way out, exit code 2', async () => {
  const unknown = await runCli(['bulid'])
  expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining("There is no command 'bulid'. Commands:")])
  const flag = await runCli(['curate', '--wrok', 'x'])
  expect([flag.code, flag.err]).toEqual([2, expect.stringContaining("Run 'colloquy curate --help'")])
  const value = await runCli(['curate', '--work', 'x', '--jobs', '0'])
  expect([value.code, value.err]).toEqual([2, expect.stringContaining("--jobs is '0'. It takes a whole number from 1 to 64.")])
})

test('with --json an error is JSON with its code', async () => {
  const { err } = await runCli(['curate', '--work', '/nowhere', '--json'])
  expect(JSON.parse(err)).toEqual({ error: { code: 'work-missing', message: expect.stringContaining('/nowhere') } })
})

test('a setting comes from the environment where no flag is given', async () => {
  const { code, err } = await runCli(['curate', '--work', '/nowhere'], '', { COLLOQUY_JOBS: 'many' })
  expect([code, err]).toEqual([2, expect.stringContaining("--jobs is 'many'")])
})
