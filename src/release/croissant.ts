import { croissantTerms, fileObject, jsonPathOf } from '../croissant.ts'
import type { Column, ColumnType } from '../storage/parquet.ts'
import { absences, absentLabels, licensorOf, type ReleaseFacts } from './facts.ts'

type Json = Record<string, unknown>

const dataTypes = {
  string: 'sc:Text',
  int32: 'cr:Int32',
  int64: 'cr:Int64',
  double: 'cr:Float64',
  boolean: 'sc:Boolean',
  timestamp: 'sc:DateTime',
} as const satisfies Record<Extract<ColumnType, string>, string>

/** `croissant.json`: the machine-readable description, with the true sha256 of every data file and the agreement as an ODRL policy. */
export function writeCroissant(facts: ReleaseFacts): Json {
  const { settings, published, data, stats } = facts
  const licensor = licensorOf(settings)
  const person = (name: string) => ({ '@type': 'Organization', name })
  // The file set names no container: the reference reader takes `containedIn` for archives, and would find nothing in plain files.
  const files = data.files.map(({ path, sizeBytes, sha256 }) => fileObject({ id: path, path, url: path, sizeBytes, sha256 }))
  return {
    '@context': croissantTerms,
    '@type': 'sc:Dataset',
    conformsTo: ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0'],
    name: settings.name,
    alternateName: settings.title,
    description: describe(facts),
    version: settings.version,
    license: settings.url ? new URL('LICENSE.md', withSlash(settings.url)).href : 'LICENSE.md',
    url: settings.url ?? './',
    ...(published ? { datePublished: published, dateModified: published } : {}),
    creator: settings.authors.length > 0 ? settings.authors.map((name) => ({ '@type': 'Person', name })) : person(licensor),
    publisher: person(licensor),
    inLanguage: stats.perLanguage.map(({ code }) => code).filter((code) => code !== 'und'),
    keywords: ['conversations', 'chat', 'large language models', 'dialogue'],
    isLiveDataset: false,
    citeAs: bibtex(facts),
    usageInfo: {
      '@type': ['CreativeWork', 'odrl:Agreement'],
      name: 'Dataset licence agreement',
      url: 'LICENSE.md',
      'odrl:permission': [{ 'odrl:action': ['odrl:use', 'odrl:derive'], 'odrl:duty': [{ 'odrl:action': 'odrl:delete' }] }],
      'odrl:prohibition': [{ 'odrl:action': 'odrl:distribute' }, { 'odrl:action': 'odrl:sell' }],
    },
    ...responsibleAi(facts),
    distribution: [
      ...files,
      {
        '@type': 'cr:FileSet',
        '@id': 'train-files',
        name: 'train-files',
        encodingFormat: 'application/x-parquet',
        includes: 'data/train-*.parquet',
      },
    ],
    recordSet: [
      {
        '@type': 'cr:RecordSet',
        '@id': 'train',
        name: 'train',
        description: 'One record is one conversation.',
        key: { '@id': 'train/conversation_id' },
        field: data.columns.map((column) => toField(column)),
      },
    ],
  }
}

/** The citation, BibTeX. */
export function bibtex({ settings, published, stats }: ReleaseFacts): string {
  // In BibTeX these would end a field or start a command; a title does not need them.
  const plain = (text: string) =>
    text
      .replace(/[{}\\%#$^~_&"@<>|`]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  const fields = [
    `title = {${plain(settings.title)}}`,
    `author = {${settings.authors.length > 0 ? settings.authors.map(plain).join(' and ') : `{${plain(licensorOf(settings))}}`}}`,
    ...(published ? [`year = {${published.slice(0, 4)}}`] : []),
    `version = {${settings.version}}`,
    `note = {${stats.conversations} conversations}`,
    ...(settings.url ? [`howpublished = {${settings.url.replace(/[{}\\]/g, '')}}`] : []),
  ]
  return `@misc{${settings.name.toLowerCase().replace(/[^a-z0-9]+/g, '_')},\n${fields.map((field) => `  ${field}`).join(',\n')}\n}`
}

function describe({ settings, stats }: ReleaseFacts): string {
  const models = stats.models === null ? '' : ` Models: ${stats.models}.`
  const facts = `Conversations between people and language models: ${stats.conversations}.${models} Languages: ${stats.languages}.`
  return settings.description ? `${settings.description} ${facts}` : facts
}

function responsibleAi(facts: ReleaseFacts): Json {
  const { work, settings, stats } = facts
  const { curate } = work
  const absent = absentLabels(work).map((name) => absences[name].replaceAll('`', ''))
  const consent =
    curate.recipe.consent === 'required'
      ? 'Every conversation carries a recorded consent.'
      : 'Consent is assumed, not recorded for every conversation.'
  return {
    'rai:dataCollection': [settings.collection ?? 'Logs of conversations that people had with language models.', consent].join(' '),
    'rai:dataCollectionType': ['Direct measurement'],
    ...collectionTimeframe(stats.perDay),
    'rai:dataPreprocessingProtocol': curate.rules.map(
      ({ rule, description, dropped }) => `${rule}: ${description || rule} (${dropped} dropped)`,
    ),
    'rai:dataAnnotationProtocol': Object.entries(curate.labels).map(
      ([name, { version, fingerprint, quality }]) => `${name}, version ${version} (${fingerprint}): ${quality ?? 'quality not measured'}`,
    ),
    'rai:personalSensitiveInformation': [
      stats.redaction
        ? `Personal data is replaced by tags in ${stats.redaction.conversations} conversations; some may have been missed.`
        : absences.redaction.replaceAll('`', ''),
    ],
    'rai:dataLimitations': ['People who chat with research demonstrations are not a sample of all users.', ...absent],
    'rai:dataUseCases': [
      'Study of real prompts',
      'Safety and moderation',
      'Training of instruction followers',
      'Evaluation methods',
      'Model selection and request dispatch',
    ],
  }
}

function collectionTimeframe(days: readonly { day: string }[]): Json {
  const [first, last] = [days[0]?.day, days.at(-1)?.day]
  return first && last ? { 'rai:dataCollectionTimeframe': [`${first}T00:00:00Z`, `${last}T23:59:59Z`] } : {}
}

function toField({ name, type }: Column): Json {
  const source = { fileSet: { '@id': 'train-files' }, extract: { column: name } }
  return { '@type': 'cr:Field', '@id': `train/${name}`, name, ...typeOf(type, name, []), source }
}

/** Type of the value at `path` inside `column`, with its fields. */
function typeOf(type: ColumnType, column: string, path: readonly string[]): Json {
  if (typeof type === 'string') return { dataType: dataTypes[type] }
  if ('list' in type) return { ...typeOf(type.list, column, path), isArray: true, arrayShape: '-1' }
  return {
    subField: type.struct.map(({ name, type: inner }) => {
      const place = [...path, name]
      const source = { fileSet: { '@id': 'train-files' }, extract: { column }, transform: { jsonPath: jsonPathOf(place) } }
      return { '@type': 'cr:Field', '@id': ['train', column, ...place].join('/'), name, ...typeOf(inner, column, place), source }
    }),
  }
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`
}
