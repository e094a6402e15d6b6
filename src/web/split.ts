import { useMemo } from 'react'
import { dataApi, type SplitOf } from './api.data.ts'
import { ApiError } from './api.ts'
import { type Loaded, useLoad } from './load.ts'
import { texts } from './texts.ts'

/** The split that an address names, or the first one of the dataset. An error where the dataset has none. */
export function useSplit(dataset: string, wanted: { config: string; split: string; revision: string }): Loaded<SplitOf> {
  const { config, split, revision } = wanted
  const splits = useLoad(`split ${dataset} ${revision}`, (signal) => dataApi.splits(dataset, revision, signal))
  return useMemo((): Loaded<SplitOf> => {
    if (splits.state !== 'ready') return splits
    const found = splits.value.find((one) => one.config === config && one.split === split) ?? splits.value[0]
    if (found) return { state: 'ready', value: { config: found.config, split: found.split, revision } }
    return { state: 'error', error: new ApiError(404, 'NoSplit', texts.viewer.noSplit(dataset)), retry: () => undefined }
  }, [splits, dataset, config, split, revision])
}
