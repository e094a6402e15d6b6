import type { Command } from './command.ts'

/** Every command there is. docs/cli.md lists the same ones; a test compares them. */
export const commands: Record<string, Command> = {
  build: {
    operands: 'LOG…',
    summary: 'the main job: raw chat logs become a release folder (ingest, curate and release in one)',
    settings: [
      'out',
      'recipe',
      'work',
      'jobs',
      'title',
      'limit',
      'engine',
      'salt-file',
      'format',
      'licensor',
      'contact',
      'law',
      'url',
      'published',
      'release-version',
    ],
    load: () => import('./build.ts'),
  },
  curate: {
    operands: '',
    summary: 'label, filter and select the conversations of a work folder',
    settings: ['openai-key', 'openai-url', 'work', 'recipe', 'limit', 'jobs'],
    load: () => import('./curate.ts'),
  },
  eval: {
    operands: 'WHAT FILE…',
    summary: 'measure our labels against files of known truth (WHAT: language, moderation, redaction)',
    settings: ['source', 'against', 'uncover', 'openai-key', 'openai-url', 'work'],
    load: () => import('./eval.ts'),
  },
  ingest: {
    operands: 'LOG…',
    summary: 'read raw chat logs (files, folders, patterns, - for stdin) into a work folder',
    settings: ['work', 'format', 'salt-file', 'jobs'],
    load: () => import('./ingest.ts'),
  },
  label: {
    operands: '< conversations.jsonl > labels.jsonl',
    summary: 'label JSONL conversations from stdin: one line of labels for each line, same order',
    settings: ['only', 'jobs'],
    load: () => import('./label.ts'),
  },
  ledger: {
    operands: 'verify [FILE] | export',
    summary: "check the hub's ledger (or an export of it), or print it as JSON lines",
    settings: ['data', 'database-url', 'files'],
    load: () => import('./ledger.ts'),
  },
  publish: {
    operands: 'DIR',
    summary: 'publish a release to a Colloquy hub or the Hugging Face Hub',
    settings: ['to', 'dataset', 'token', 'title', 'private'],
    load: () => import('./publish.ts'),
  },
  release: {
    operands: '',
    summary: 'write the release folder of a curated work folder',
    settings: ['work', 'out', 'title', 'licensor', 'contact', 'law', 'url', 'published', 'release-version', 'jobs'],
    load: () => import('./release.ts'),
  },
  serve: {
    operands: '',
    summary: 'run the hub',
    settings: ['data', 'port', 'host', 'admin-token-file', 'public-url', 'behind-proxy', 'database-url', 'files'],
    load: () => import('./serve.ts'),
  },
  start: {
    operands: '',
    summary: 'everything, with no settings: the sample logs become a release',
    settings: ['out', 'jobs'],
    load: () => import('./start.ts'),
  },
  study: {
    operands: 'WHAT DIR',
    summary: 'findings of a release folder (WHAT: safety)',
    settings: ['out', 'examples', 'seed'],
    load: () => import('./study.ts'),
  },
  synth: {
    operands: '',
    summary: "write realistic raw logs of any size in LMSYS-Chat-1M's proportions, with their answer key",
    settings: ['conversations', 'seed', 'out', 'truth'],
    load: () => import('./synth.ts'),
  },
  verify: {
    operands: 'DIR',
    summary: 'check a release against its manifest; exit code 0 only if all of it holds',
    settings: [],
    load: () => import('./verify.ts'),
  },
}
