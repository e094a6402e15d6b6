import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { labelSet } from '../../src/curate/label-set.ts'
import type { SetLabeller, SetRun } from '../../src/curate/labeller.ts'
import { silentLog } from '../../src/log.ts'
import { inventWork } from './work.ts'

const entry = { folder: 'labels/format@0', version: '1', fingerprint: '0', settings: {}, quality: null }

function counting(runs: SetRun[], stop = false): SetLabeller {
  return {
    name: 'groups',
    version: '1',
    fingerprint: 'f',
    columns: [],
    needs: ['format'],
    run: async (run) => {
      runs.push(run)
      writeFileSync(join(run.out, '00000.parquet'), '')
      if (stop) throw new Error('stopped')
    },
  }
}

test('a set labeller runs once on the same labels, and again when one of them changed or it was stopped', async () => {
  const work = await inventWork([])
  const runs: SetRun[] = []
  const shards = [{ shard: '00000', rows: 1, sha256: 'a' }]
  const go = (labeller: SetLabeller, fingerprint: string) =>
    labelSet({
      work,
      shards,
      labels: { format: { ...entry, fingerprint } },
      labellers: [labeller],
      limits: { jobs: 1, memoryMiB: 256 },
      log: silentLog,
    })
  await expect(go(counting(runs, true), '0')).rejects.toThrow('stopped')
  const made = await go(counting(runs), '0')
  await go(counting(runs), '0')
  expect(runs).toHaveLength(2)
  expect(runs[1]).toMatchObject({
    shards: ['00000'],
    folders: { format: join(work, 'labels/format@0') },
    out: join(work, made.groups?.folder ?? ''),
  })
  await go(counting(runs), '1')
  expect(runs).toHaveLength(3)
})

test('a label that it reads and the recipe lacks is named', async () => {
  const work = await inventWork([])
  const call = labelSet({ work, shards: [], labels: {}, labellers: [counting([])], limits: { jobs: 1, memoryMiB: 256 }, log: silentLog })
  await expect(call).rejects.toThrow("Add 'format' to the recipe's labels")
})
