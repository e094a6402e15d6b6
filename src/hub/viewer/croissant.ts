import { z } from 'zod'
import { croissantTerms, fileObject, jsonPathOf } from '../../croissant.ts'
import { cardTags, textsOf } from '../datasets/card.ts'
import { cardOf, readText } from '../datasets/content.ts'
import { encodePath } from '../datasets/paths.ts'
import { versionAt } from '../datasets/releases.ts'
import { type Commit, resolveRevision } from '../datasets/revisions.ts'
import { entryNotFound } from '../errors.ts'
import type { Feature } from '../index/parquet.ts'
import type { DatasetCall } from '../routes.ts'
import { splitsOf } from './call.ts'
import type { Split } from './layout.ts'
import { sourceOf } from './source.ts'

type Json = Record<string, unknown>

/** As many splits as the Hub describes. */
const MAX_SPLITS = 100

/** The Croissant description of a revision: the release's own, else one made of its Parquet files. */
export async function croissantOf(call: DatasetCall): Promise<{ body: unknown; commit: Commit }> {
  const { hub, dataset, context } = call
  const commit = await resolveRevision(hub.database, dataset, context.req.query('revision') ?? 'main')
  const own = await readText(hub, dataset, commit, 'croissant.json')
  if (own) return { body: JSON.parse(own), commit }
  const { splits } = await splitsOf(call)
  if (splits.length === 0) throw entryNotFound(dataset.fullName, 'croissant.json', commit.id)
  return { body: await describe(call, splits.slice(0, MAX_SPLITS), commit), commit }
}

async function describe(call: DatasetCall, splits: readonly Split[], commit: Commit): Promise<Json> {
  const { hub, dataset, origin } = call
  const { data } = await cardOf(hub, dataset, commit)
  const url = `${origin}/datasets/${encodePath(dataset.fullName)}`
  const facts = await Promise.all(splits.map((split) => hub.indexes.facts(sourceOf(hub, split))))
  const rows = facts.reduce((sum, one) => sum + one.rows, 0)
  const title = typeof data.pretty_name === 'string' ? data.pretty_name : dataset.fullName
  const [licence] = [...textsOf(data.license_name), ...textsOf(data.license)]
  const version = await versionAt(hub, dataset, commit)
  const files = new Map(splits.flatMap((split) => split.files.map((file) => [file.path, file.entry] as const)))
  return {
    '@context': croissantTerms,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.1',
    name: dataset.fullName,
    alternateName: title,
    description: `${title}: ${rows} rows in ${splits.length === 1 ? 'one split' : `${splits.length} splits`}.`,
    ...(licence ? { license: licence } : {}),
    ...(version ? { version } : {}),
    url,
    creator: { '@type': 'Organization', name: dataset.namespace, url: origin },
    datePublished: dataset.createdAt.toISOString(),
    dateModified: commit.createdAt.toISOString(),
    inLanguage: textsOf(data.language),
    keywords: cardTags(data),
    ...(dataset.gated === 'false' ? {} : { conditionsOfAccess: `Ask for access at ${url}/access` }),
    distribution: [
      ...[...files].map(([path, { sha256, sizeBytes }]) =>
        fileObject({ id: idOf(path), path, url: `${url}/resolve/${commit.id}/${encodePath(path)}`, sizeBytes, sha256 }),
      ),
      // A file set names no container: readers take `containedIn` for archives.
      ...splits.filter(isSet).map((split) => ({
        '@type': 'cr:FileSet',
        '@id': filesOf(nameOf(split)),
        name: filesOf(nameOf(split)),
        encodingFormat: 'application/x-parquet',
        includes: split.files.map(({ path }) => path),
      })),
    ],
    recordSet: splits.map((split, index) => ({
      '@type': 'cr:RecordSet',
      '@id': nameOf(split),
      name: nameOf(split),
      description: `${facts[index]?.rows ?? 0} rows.`,
      field: (facts[index]?.features ?? []).map((feature) => fieldOf(split, feature)),
    })),
  }
}

/** Readers refuse identifiers with spaces, also percent-encoded ones. */
const idOf = (name: string): string => name.replace(/\s+/g, '_')
const nameOf = ({ config, split }: Split): string => idOf(config === 'default' ? split : `${config}/${split}`)
const filesOf = (split: string): string => `${split}-files`
/** The reference reader takes single files by address, and sets of files only from a folder of its own. */
const isSet = ({ files }: Split): boolean => files.length > 1

function fieldOf(split: Split, { name, type }: Feature): Json {
  const place = { split, column: name, path: [] }
  return { '@type': 'cr:Field', '@id': idOf(`${nameOf(split)}/${name}`), name, ...shapeOf(type, place), source: sourceOfField(place) }
}

/** A place inside a column of a split. */
interface Place {
  split: Split
  column: string
  path: readonly string[]
}

const Value = z.object({ _type: z.literal('Value'), dtype: z.string() })
const List = z.object({ _type: z.literal('List'), feature: z.unknown() })
const Struct = z.record(z.string(), z.unknown())
const dataTypes: Readonly<Record<string, string>> = {
  string: 'sc:Text',
  binary: 'sc:Text',
  bool: 'sc:Boolean',
  int32: 'cr:Int32',
  int64: 'cr:Int64',
  float32: 'cr:Float32',
  float64: 'cr:Float64',
  'timestamp[ms]': 'sc:DateTime',
}

/** The type of the value at `path` inside a column, with its fields. */
function shapeOf(type: unknown, place: Place): Json {
  const value = Value.safeParse(type)
  if (value.success) return { dataType: dataTypes[value.data.dtype] ?? 'sc:Text' }
  const list = List.safeParse(type)
  if (list.success) return { ...shapeOf(list.data.feature, place), isArray: true, arrayShape: '-1' }
  return {
    subField: Object.entries(Struct.parse(type)).map(([name, value]) => {
      const inner = { ...place, path: [...place.path, name] }
      return {
        '@type': 'cr:Field',
        '@id': idOf([nameOf(place.split), place.column, ...inner.path].join('/')),
        name,
        ...shapeOf(value, inner),
        source: sourceOfField(inner),
      }
    }),
  }
}

function sourceOfField({ split, column, path }: Place): Json {
  const from = isSet(split) ? { fileSet: { '@id': filesOf(nameOf(split)) } } : { fileObject: { '@id': idOf(split.files[0]?.path ?? '') } }
  return { ...from, extract: { column }, ...(path.length > 0 ? { transform: { jsonPath: jsonPathOf(path) } } : {}) }
}
