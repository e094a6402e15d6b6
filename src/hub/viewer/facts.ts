import { z } from 'zod'
import { cardOf } from '../datasets/content.ts'
import { encodePath } from '../datasets/paths.ts'
import type { Feature } from '../index/parquet.ts'
import { type DatasetCall, type Route, viewerRoute } from '../routes.ts'
import { Choice, facts, notFound, Of, oneSplit, reply, selectionOf, splitsOf } from './call.ts'
import type { Split } from './layout.ts'
import { sourceOf } from './source.ts'

const done = { pending: [], failed: [], partial: false }

/** Facts of a dataset in the dataset-viewer API's form: what can be asked, splits, sizes, features, statistics. */
export const factRoutes: Route[] = [
  viewerRoute(facts('/is-valid', 'What can be asked of a dataset', Of), async (call) => {
    const { splits, commit } = await splitsOf(call)
    const has = splits.length > 0
    const isIndexed = has && splits.every((split) => call.hub.indexes.ready(sourceOf(call.hub, split)))
    return reply(call, { preview: has, viewer: has, search: isIndexed, filter: isIndexed, statistics: isIndexed }, commit)
  }),
  viewerRoute(facts('/status', 'How far the index of each split is', Of), async (call) => {
    const { splits, commit } = await splitsOf(call)
    const states = splits.map((split) => ({
      config: split.config,
      split: split.split,
      ...call.hub.indexes.want(sourceOf(call.hub, split)),
    }))
    return reply(call, { splits: states }, commit)
  }),
  viewerRoute(facts('/splits', 'Configurations and splits', Of), async (call) => {
    const { splits, commit } = await splitsOf(call)
    return reply(
      call,
      { splits: splits.map(({ config, split }) => ({ dataset: call.dataset.fullName, config, split })), pending: [], failed: [] },
      commit,
    )
  }),
  viewerRoute(
    facts('/statistics', 'Figures of each column, of all rows or of those that meet a condition or contain words', Choice),
    async (call) => {
      const { source, commit } = await oneSplit(call)
      const { features } = await call.hub.indexes.facts(source)
      const task = { folder: await call.hub.indexes.folder(source), selection: selectionOf(call), columns: features.map(columnOf) }
      const { total, figures } = await call.hub.indexes.readers.ask('figures', task)
      return reply(call, { num_examples: total, statistics: figures, partial: false }, commit)
    },
  ),
  viewerRoute(facts('/parquet', 'Addresses of the Parquet files', Of), async (call) => {
    const { splits, commit } = await splitsOf(call)
    const files = splits.flatMap(({ config, split, files }) =>
      files.map(({ path, entry }) => ({
        dataset: call.dataset.fullName,
        config,
        split,
        url: `${call.origin}/datasets/${call.dataset.fullName}/resolve/${commit.id}/${encodePath(path)}`,
        filename: path.slice(path.lastIndexOf('/') + 1),
        size: entry.sizeBytes,
      })),
    )
    return reply(call, { parquet_files: files, ...done }, commit)
  }),
  viewerRoute(facts('/size', 'Rows, columns and bytes', Of), async (call) => {
    const { splits, commit } = await splitsOf(call)
    const sizes = await Promise.all(splits.map((split) => sizeOf(call, split)))
    const sum = (list: typeof sizes) => ({
      num_bytes_parquet_files: list.reduce((total, one) => total + one.num_bytes_parquet_files, 0),
      num_bytes_memory: list.reduce((total, one) => total + one.num_bytes_memory, 0),
      num_rows: list.reduce((total, one) => total + one.num_rows, 0),
      estimated_num_rows: null,
    })
    const configs = [...new Set(splits.map(({ config }) => config))].map((config) => {
      const own = sizes.filter((one) => one.config === config)
      return { dataset: call.dataset.fullName, config, num_columns: own[0]?.num_columns ?? 0, ...sum(own) }
    })
    const dataset = { dataset: call.dataset.fullName, num_bytes_original_files: sum(sizes).num_bytes_parquet_files, ...sum(sizes) }
    return reply(call, { size: { dataset, configs, splits: sizes }, ...done }, commit)
  }),
  viewerRoute(facts('/info', 'Features, splits and the card’s head', Of), async (call) => {
    const { splits, commit } = await splitsOf(call)
    const card = await cardOf(call.hub, call.dataset, commit)
    const infos: Record<string, unknown> = {}
    for (const config of new Set(splits.map((split) => split.config))) {
      const own = splits.filter((split) => split.config === config)
      const sizes = await Promise.all(own.map((split) => sizeOf(call, split)))
      const [first] = own
      const features = first ? (await call.hub.indexes.facts(sourceOf(call.hub, first))).features : []
      const bytes = sizes.reduce((total, one) => total + one.num_bytes_parquet_files, 0)
      infos[config] = {
        description: '',
        citation: '',
        homepage: '',
        license: String(card.data.license ?? ''),
        features: Object.fromEntries(features.map(({ name, type }) => [name, type])),
        builder_name: 'parquet',
        config_name: config,
        splits: Object.fromEntries(
          sizes.map((one) => [
            one.split,
            { name: one.split, num_bytes: one.num_bytes_memory, num_examples: one.num_rows, dataset_name: call.dataset.name },
          ]),
        ),
        download_size: bytes,
        dataset_size: sizes.reduce((total, one) => total + one.num_bytes_memory, 0),
      }
    }
    const asked = call.context.req.query('config')
    if (asked && !infos[asked]) throw notFound()
    return reply(call, { dataset_info: asked ? infos[asked] : infos, ...done }, commit)
  }),
]

async function sizeOf({ hub, dataset }: DatasetCall, split: Split) {
  const { rows, memoryBytes, features } = await hub.indexes.facts(sourceOf(hub, split))
  return {
    dataset: dataset.fullName,
    config: split.config,
    split: split.split,
    num_bytes_parquet_files: split.files.reduce((sum, { entry }) => sum + entry.sizeBytes, 0),
    num_bytes_memory: memoryBytes,
    num_rows: rows,
    num_columns: features.length,
    estimated_num_rows: null,
  }
}

const Typed = z.object({ _type: z.string(), dtype: z.string().optional() })

/** A column as the statistics know it: lists by their length, others by their values. */
function columnOf({ name, type }: Feature): { name: string; kind: string } {
  const typed = Typed.safeParse(type)
  if (!typed.success) return { name, kind: 'other' }
  if (typed.data._type === 'List') return { name, kind: 'list' }
  const { dtype = '' } = typed.data
  return { name, kind: dtype.startsWith('int') ? 'int' : dtype.startsWith('float') ? 'float' : dtype }
}
