import { stringify } from 'yaml'
import { agreementClauses } from './agreement.ts'
import { downloadBytes, type ReleaseFacts } from './facts.ts'
import { toCardFeatures } from './features.ts'

/** The official size classes, by their upper bounds. */
const sizeClasses: readonly (readonly [number, string])[] = [
  [1e3, 'n<1K'],
  [1e4, '1K<n<10K'],
  [1e5, '10K<n<100K'],
  [1e6, '100K<n<1M'],
  [1e7, '1M<n<10M'],
  [1e8, '10M<n<100M'],
  [1e9, '100M<n<1B'],
  [1e10, '1B<n<10B'],
  [1e11, '10B<n<100B'],
  [1e12, '100B<n<1T'],
]

/** Front matter of the card: what a hub reads to index, gate and load the dataset. */
export function writeFrontMatter(facts: ReleaseFacts): string {
  const { settings, data, stats } = facts
  const languages = stats.perLanguage.map(({ code }) => code).filter((code) => /^[a-z]{2}$/.test(code))
  const machineLabels = Object.keys(facts.work.curate.labels).length > 0
  const matter = {
    pretty_name: settings.title,
    ...(languages.length > 0 ? { language: [...new Set(languages)] } : {}),
    license: 'other',
    license_name: 'dataset-licence-agreement',
    license_link: 'LICENSE.md',
    task_categories: ['text-generation'],
    task_ids: ['dialogue-generation', 'language-modeling'],
    annotations_creators: [machineLabels ? 'machine-generated' : 'no-annotation'],
    language_creators: ['crowdsourced', 'machine-generated'],
    ...(languages.length > 0 ? { multilinguality: [languages.length > 1 ? 'multilingual' : 'monolingual'] } : {}),
    source_datasets: ['original'],
    size_categories: [sizeClasses.find(([bound]) => stats.conversations < bound)?.[1] ?? 'n>1T'],
    tags: ['conversations', 'chat'],
    configs: [{ config_name: 'default', default: true, data_files: [{ split: 'train', path: 'data/train-*' }] }],
    dataset_info: {
      config_name: 'default',
      features: toCardFeatures(data.columns),
      splits: [{ name: 'train', num_bytes: data.uncompressedBytes, num_examples: stats.conversations }],
      download_size: downloadBytes(data.files),
      dataset_size: data.uncompressedBytes,
    },
    extra_gated_heading: 'Accept the agreement to get access',
    extra_gated_prompt: [
      'You need to agree to share your contact details and to the dataset licence agreement (LICENSE.md). In short:',
      '',
      ...agreementClauses(facts).map(({ heading, text }) => `- **${heading}.** ${text}`),
    ].join('\n'),
    extra_gated_button_content: 'Accept and ask for access',
    extra_gated_fields: {
      Name: 'text',
      'E-mail': 'text',
      Affiliation: 'text',
      Country: 'country',
      'I have read the dataset licence agreement and accept it': 'checkbox',
    },
  }
  return stringify(matter, { lineWidth: 0 })
}
