import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { readCommonness } from '../src/curate/contamination/commonness.ts'
import { criteria, difficultyOf } from '../src/curate/quality/criteria.ts'
import { createScorer } from '../src/curate/quality/scorer.ts'

/** Compares the offline difficulty of public sets of hard and of everyday prompts. Usage: npx tsx scripts/measure-difficulty.ts FOLDER */
function measure(folder: string): void {
  const score = createScorer(readCommonness())
  const sets = {
    'arena-hard': read(`${folder}/benchmarks/arena-hard-v0.1.jsonl`, (row: { prompt: string }) => row.prompt),
    'mt-bench': read(`${folder}/benchmarks/mt-bench-questions.jsonl`, (row: { turns: string[] }) => row.turns[0]),
    'mt-bench-101': read(`${folder}/conversations/mt-bench-101.jsonl`, (row: { history: { user: string }[] }) => row.history[0]?.user),
    'hh-harmless': read(
      `${folder}/conversations/hh-harmless-test.jsonl.gz`,
      (row: { chosen: string }) => row.chosen.split(/\n\n(?:Human|Assistant): /)[1],
    ),
  }
  const scored = Object.entries(sets).map(([name, prompts]) => ({ name, prompts, verdicts: prompts.map(score) }))
  for (const { name, verdicts } of scored) {
    const mean = verdicts.reduce((sum, verdict) => sum + difficultyOf(verdict), 0) / verdicts.length
    const shares = criteria.map(
      (criterion) => `${criterion} ${(verdicts.filter((verdict) => verdict[criterion]).length / verdicts.length).toFixed(2)}`,
    )
    console.log(`${name}: ${verdicts.length} prompts, mean difficulty ${mean.toFixed(2)}; ${shares.join(', ')}`)
  }
  const [hard, ...others] = scored
  for (const other of others) {
    const ours = rankAbove(hard?.verdicts.map(difficultyOf) ?? [], other.verdicts.map(difficultyOf))
    const length = rankAbove(
      hard?.prompts.map((prompt) => prompt.length) ?? [],
      other.prompts.map((prompt) => prompt.length),
    )
    console.log(`arena-hard above ${other.name}: difficulty ${ours.toFixed(3)}, length alone ${length.toFixed(3)}`)
  }
}

function read<T>(file: string, prompt: (row: T) => string | undefined): string[] {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text
    .trim()
    .split('\n')
    .flatMap((line) => prompt(JSON.parse(line) as T) ?? [])
}

/** The chance that a value of the first list is above one of the second; ties count half. */
function rankAbove(one: readonly number[], two: readonly number[]): number {
  let wins = 0
  for (const first of one) for (const second of two) wins += first > second ? 1 : first === second ? 0.5 : 0
  return wins / (one.length * two.length)
}

const [folder] = process.argv.slice(2)
if (folder) measure(folder)
else console.error('Usage: npx tsx scripts/measure-difficulty.ts FOLDER')
