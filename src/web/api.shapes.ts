/** A file of a dataset at a revision. */
export interface DatasetFile {
  rfilename: string
  size?: number
  blobId?: string
  lfs?: { size: number; sha256: string }
}

/** A dataset as the hub describes it. */
export interface Dataset {
  id: string
  sha: string
  /** The number of the release's version at this revision. */
  version: string | null
  /** Where no version stands at this revision, the newest one before it. */
  sinceVersion: string | null
  createdAt: string
  lastModified: string
  private: boolean
  gated: false | 'auto' | 'manual'
  downloads: number
  tags: string[]
  cardData: Record<string, unknown>
  description: string
  siblings?: DatasetFile[]
  usedStorage?: number
}

/** A commit of a dataset. */
export interface Commit {
  id: string
  title: string
  date: string
}

/** A column of a split. */
export interface Feature {
  name: string
  type: unknown
}

/** Where a search found its words: spans are [start, end) in UTF-16 units of the message. */
export interface Match {
  column: string
  message: number
  role: string
  spans: [number, number][]
}

/** One row with its place in the split. */
export interface Row {
  row_idx: number
  row: Record<string, unknown>
  truncated_cells?: string[]
  matches?: Match[]
}

/** A page of rows. */
export interface RowPage {
  features: Feature[]
  rows: Row[]
  num_rows_total: number
}

/** Figures of a column. */
export interface ColumnStatistics {
  column_name: string
  column_type: string
  column_statistics: {
    nan_count?: number
    nan_proportion?: number
    min?: number
    max?: number
    mean?: number
    median?: number
    n_unique?: number
    frequencies?: Record<string, number>
    histogram?: { hist: number[]; bin_edges: number[] }
  }
}

/** A field of the form that asks for access. */
export interface FormField {
  name: string
  type: string
  options: string[]
}

/** Where the reader stands with a gated dataset. */
export interface Access {
  isAllowed: boolean
  refusal?: string
  via?: 'public' | 'grant' | 'staff'
  request: {
    status: 'pending' | 'accepted' | 'rejected' | 'revoked'
    reason: string | null
    termsVersion: number
    expiresAt: string | null
  } | null
  terms: { version: number; heading: string; text: string; fields: FormField[]; setBy: string | null }
}

/** Who is signed in. */
export interface Session {
  user: string
  fullname: string
  role: string
}

/** One split of a dataset. */
export interface SplitName {
  config: string
  split: string
}
