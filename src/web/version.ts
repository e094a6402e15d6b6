import type { Dataset } from './api.ts'

/** What a dataset's revision is called: its version; the version that it goes on from; or its commit, where there is no release. */
export const versionName = ({ version, sinceVersion, sha }: Pick<Dataset, 'version' | 'sinceVersion' | 'sha'>): string =>
  version ?? (sinceVersion ? `${sinceVersion} with later changes` : sha.slice(0, 7))
