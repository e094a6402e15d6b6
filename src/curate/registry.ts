import { InputError } from '../errors.ts'
import type { Labeller, SetLabeller } from './labeller.ts'
import type { LoadedRecipe } from './recipe.ts'

/** A labeller by name with its settings: what a worker thread needs to make it. */
export interface LabellerSpec {
  name: string
  settings: Record<string, unknown>
}

/** Settings of labellers that come from the command: keys, endpoints, files. By label. */
export type LabellerAccess = Readonly<Record<string, Record<string, unknown>>>

type Loader = (settings: Record<string, unknown>) => Promise<Labeller<unknown>>

// Loaded on use: weights and tokenizer tables cost memory and time that a run without them should not pay.
const loaders: Readonly<Record<string, Loader>> = {
  language: async (settings) => erase(await (await import('./language/labeller.ts')).createLanguageLabeller(settings)),
  tokens: async () => erase(await (await import('./tokens/tokens.ts')).createTokensLabeller()),
  moderation: async (settings) => {
    const [{ createModerationLabeller }, { parseModerationSettings }] = await Promise.all([
      import('./moderation/labeller.ts'),
      import('./moderation/settings.ts'),
    ])
    return erase(await createModerationLabeller(parseModerationSettings(settings)))
  },
  redaction: async (settings) => erase(await (await import('./redaction/redaction.ts')).createRedactionLabeller(settings)),
  format: async (settings) => {
    const { createFormatLabeller } = await import('./format/labeller.ts')
    const words = Array.isArray(settings.blockedWords) ? settings.blockedWords.map(String) : []
    return erase(createFormatLabeller({ blockedWords: words }))
  },
  contamination: async (settings) => {
    const [{ createContaminationLabeller }, { parseContaminationSettings }] = await Promise.all([
      import('./contamination/labeller.ts'),
      import('./contamination/settings.ts'),
    ])
    return erase(await createContaminationLabeller(parseContaminationSettings(settings)))
  },
  quality: async (settings) => {
    const { createQualityLabeller, parseQualitySettings } = await import('./quality/labeller.ts')
    return erase(await createQualityLabeller(parseQualitySettings(settings)))
  },
  signatures: async () => erase((await import('./duplicates/labeller.ts')).createSignatureLabeller()),
}

type SetLoader = (settings: Record<string, unknown>) => Promise<SetLabeller>

/** Labellers of the whole set: `colloquy label`, which sees one conversation at a time, has none of them. */
const setLoaders: Readonly<Record<string, SetLoader>> = {
  duplicates: async () => (await import('./duplicates/group.ts')).createDuplicateLabeller(),
}

/** Labellers that go over a label once more when the whole set has it, under the same name: undefined where the settings do not ask for it. */
const refiners: Readonly<Record<string, (settings: Record<string, unknown>) => Promise<SetLabeller | undefined>>> = {
  redaction: async (settings) => (await import('./redaction/keep-names.ts')).createKeepNamesLabeller(settings),
}

/** Names of the labellers of single conversations. */
export const labellerNames: readonly string[] = Object.keys(loaders)

// The cleaning rules' own facts, those for whole-set work, and what needs to be told benchmarks.
const notPublic = ['format', 'signatures', 'contamination']

/** Labels that `colloquy label` gives when none are named. */
export const publicLabels: readonly string[] = labellerNames.filter((name) => !notPublic.includes(name))

/** Makes a labeller. @throws InputError `label-unknown` */
export async function createLabeller({ name, settings }: LabellerSpec): Promise<Labeller<unknown>> {
  const load = loaders[name]
  if (!load) throw new InputError('label-unknown', `There is no label '${name}'. Labels: ${labellerNames.join(', ')}.`)
  return load(settings)
}

const kept = new Map<string, Promise<Labeller<unknown>>>()

/** A labeller of this thread, made once for the same name and settings: weights are read once, caches stay warm. @throws InputError `label-unknown` */
export function keepLabeller(spec: LabellerSpec): Promise<Labeller<unknown>> {
  const key = JSON.stringify(spec)
  const labeller = kept.get(key) ?? createLabeller(spec)
  kept.set(key, labeller)
  return labeller
}

/** The labellers of single conversations that a recipe names, in its order. */
export function specsOf({ recipe, blockedWords }: LoadedRecipe, access: LabellerAccess = {}): LabellerSpec[] {
  return recipe.labels
    .filter((name) => !(name in setLoaders))
    .map((name) => ({ name, settings: { ...recipe.settings[name], ...access[name], ...(name === 'format' ? { blockedWords } : {}) } }))
}

/** The labellers of the whole set that a recipe names, in its order. */
export async function createSetLabellers({ recipe }: LoadedRecipe): Promise<SetLabeller[]> {
  const made = await Promise.all(recipe.labels.map((name) => (setLoaders[name] ?? refiners[name])?.(recipe.settings[name] ?? {})))
  return made.filter((labeller) => labeller !== undefined)
}

/** Labels of several types side by side: what a labeller's label looks like is known to it and to its readers. */
function erase<L>(labeller: Labeller<L>): Labeller<unknown> {
  return { ...labeller, toRow: (label) => labeller.toRow(label as L) }
}
