import { escapeContact, escapeMarkdown } from './escape.ts'
import type { ReleaseFacts } from './facts.ts'
import { licensorOf } from './facts.ts'

/** One clause: a heading, and its words. The gate shows the same clauses, so that what is accepted is what is in LICENSE.md. */
export interface Clause {
  heading: string
  text: string
}

/** The agreement's clauses, filled from the release's settings; Markdown. */
export function agreementClauses({ settings }: Pick<ReleaseFacts, 'settings'>): Clause[] {
  const contact = settings.contact ? ` at ${escapeContact(settings.contact)}` : ' by the way in which you received the dataset'
  const law = settings.law
    ? `The law of ${escapeMarkdown(settings.law)} applies.`
    : 'The law of the place where the licensor is established applies.'
  return [
    {
      heading: 'What you may do',
      text: 'You may use the dataset to study, build, evaluate and improve software and models, for research and for commercial ends, as long as you keep every obligation below. The licence is yours alone, for no fee, and gives no other right.',
    },
    {
      heading: 'Unsafe content',
      text: 'The conversations are real and unfiltered for safety: some are offensive, harmful or wrong. You take suitable measures before you show them to people or let them shape what a system does, and you do not use them to cause harm.',
    },
    {
      heading: 'No endorsement',
      text: 'Nothing in the dataset is a view of the licensor, and you do not say or suggest that the licensor supports you, your work or its results.',
    },
    {
      heading: 'The law',
      text: 'You obey every law that applies to you, among them those on privacy, data protection, copyright and export.',
    },
    {
      heading: "The models' own terms",
      text: "Parts of the dataset were written by models whose makers set terms for what comes out of them. You read and obey the terms of each model whose output you use; the column 'model' names it.",
    },
    {
      heading: 'No identification',
      text: 'You do not try to find out who a person in the dataset is, by any means, and do not link the dataset with other data in a way that could show it. If you come upon personal data, you do not use or spread it, and tell the licensor.',
    },
    {
      heading: 'No passing on',
      text: 'You do not give the dataset, or any part from which conversations can be restored, to anyone else. Others get it from the licensor under this agreement. Models, statistics and findings made with it, and short quotations without personal data, may be published.',
    },
    {
      heading: 'Deletion on demand',
      text: `The licensor may at any time demand that you delete the dataset or named conversations. You then delete every copy, also in backups and derived sets, without delay, and confirm it in writing${contact}.`,
    },
    {
      heading: 'Ending',
      text: 'The licensor may end this agreement at any time, for all or for you alone. It ends by itself when you break it. From then on you stop every use of the dataset at once and delete every copy as above. The clauses on identification, passing on, deletion and liability stay in force.',
    },
    {
      heading: 'No warranty, no liability',
      text: 'The dataset comes as it is, without warranty of any kind, whether for correctness, fitness, safety or freedom from the rights of others. As far as the law allows, the licensor is not liable for any damage from the dataset or its use, and you answer for claims of others that arise from your use.',
    },
    { heading: 'Law', text: law },
  ]
}

/** `LICENSE.md`: the agreement that a reader accepts before access. */
export function writeAgreement(facts: Pick<ReleaseFacts, 'settings'>): string {
  const { settings } = facts
  const title = escapeMarkdown(settings.title)
  const clauses = agreementClauses(facts).map(({ heading, text }, index) => `## ${index + 1}. ${heading}\n\n${text}\n`)
  return [
    `# ${title}: dataset licence agreement\n`,
    `Version ${settings.version} of the dataset. Licensor: ${escapeMarkdown(licensorOf(settings))}.${settings.contact ? ` Contact: ${escapeContact(settings.contact)}.` : ''}\n`,
    'By asking for access to the dataset, or by using it, you (and the organisation that you act for) accept this agreement. If you do not accept it, do not use the dataset and delete every copy that you have.\n',
    ...clauses,
  ].join('\n')
}
