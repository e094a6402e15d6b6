import type { DataFile, ReleaseData } from './data.ts'
import type { RedactionGrades } from './grades.ts'
import type { ReleaseSettings } from './settings.ts'
import type { ReleaseStats } from './stats.ts'
import type { WorkFolder } from './work.ts'

/** Everything that the documents of a release are written from. They are functions of this alone: no clock, no path, no machine. */
export interface ReleaseFacts {
  settings: ReleaseSettings
  /** Day of publication, from the settings or the last day in the data; undefined when neither is there. */
  published: string | undefined
  /** Name and version of the program. */
  code: { name: string; version: string }
  work: Pick<WorkFolder, 'ingest' | 'curate'>
  data: Omit<ReleaseData, 'tally'>
  stats: ReleaseStats
  /** A row that is fit to be quoted, in the form of the Parquet files; null when none is. */
  sample: Record<string, unknown> | null
  /** What a person's grades say of the redaction, where somebody graded it. */
  grades?: RedactionGrades
  /** Set where this version was made from an earlier one by taking conversations out. */
  deletion?: Deletion
}

/** What was taken out of a release after it was published. */
export interface Deletion {
  /** Conversations deleted from all versions so far. */
  conversations: number
  /** The version that this one was made from. */
  from: string
  /** Figures that the release's columns do not tell: they still count the `of` conversations that they were first made from. */
  carried: { figures: string[]; of: number } | null
}

/** Labels whose absence changes what the LMSYS columns mean, with the plain words for it. Manifest and card say them. */
export const absences = {
  language: 'No language identification ran: `language` is "unknown" for every conversation.',
  tokens: 'No tokens were counted.',
  redaction: 'No redaction ran: `redacted` is false for every conversation, and personal data that people typed is still there.',
  moderation: 'No moderation ran: `openai_moderation` is an empty list for every conversation, which does not mean that nothing is unsafe.',
} as const

/** Names of the absent labels, in that order. */
export function absentLabels({ curate }: Pick<WorkFolder, 'curate'>): (keyof typeof absences)[] {
  return (['language', 'tokens', 'redaction', 'moderation'] as const).filter((name) => curate.labels[name] === undefined)
}

/** What the release is called in running text, with its version. */
export function licensorOf({ licensor }: ReleaseSettings): string {
  return licensor ?? 'the publisher of this dataset'
}

/** Total size of the Parquet files. */
export function downloadBytes(files: readonly DataFile[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
