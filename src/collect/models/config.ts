import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { describeError, InputError } from '../../errors.ts'
import type { Parameters } from './model.ts'

const Link = z.strictObject({ name: z.string().min(1).max(200), url: z.url().nullable().default(null) })
const seconds = (high: number) => z.number().positive().max(high)

/** Providers that need an endpoint or a key; the others run inside this process. */
const remote = ['openai-compatible', 'anthropic', 'google'] as const
const local = ['llama', 'eliza', 'echo', 'retrieval'] as const

const ModelRow = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[\p{L}\p{N}][\p{L}\p{N} ._:/+@()-]{0,79}$/u,
        'up to 80 letters, digits, spaces and . _ : / + @ ( ) -, beginning with a letter or digit',
      ),
    provider: z.enum([...remote, ...local]).default('openai-compatible'),
    endpoint: z.union([z.url(), z.array(z.url()).min(1).max(10)]).optional(),
    model: z.string().min(1).max(300).optional(),
    key: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable, never the key itself')
      .optional(),
    description: z.string().max(500).nullable().default(null),
    licence: Link.nullable().default(null),
    card: z.url().nullable().default(null),
    price: z
      .strictObject({ input: z.number().min(0), output: z.number().min(0), unit: z.string().default('USD per million tokens') })
      .nullable()
      .default(null),
    parameters: z
      .strictObject({
        temperature: z.number().min(0).max(2).default(0.7),
        topP: z.number().min(0).max(1).default(1),
        maxTokens: z.number().int().min(1).max(1_000_000).default(1024),
      })
      .prefault({}),
    maxTokens: z.number().int().min(1).max(1_000_000).default(4096),
    systemPrompt: z.string().max(100_000).optional(),
    weight: z.number().min(0).max(1000).default(1),
    anonymousOnly: z.boolean().default(false),
    concurrency: z.number().int().min(1).max(100_000).default(200),
    requestsPerMinute: z.number().int().min(1).max(1_000_000).default(6000),
    timeouts: z
      .strictObject({ firstToken: seconds(3600).default(60), stall: seconds(3600).default(30), total: seconds(86_400).default(600) })
      .prefault({}),
  })
  .superRefine((row, context) => {
    const fail = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (row.provider === 'openai-compatible' && !row.endpoint)
      fail('endpoint', 'the base URL of an OpenAI-compatible endpoint, such as http://localhost:8000/v1')
    if (row.provider !== 'echo' && row.provider !== 'eliza' && row.provider !== 'retrieval' && !row.model)
      fail('model', row.provider === 'llama' ? 'the path of a GGUF file' : 'the name that the endpoint knows the model by')
    if ((row.provider === 'anthropic' || row.provider === 'google') && !row.key)
      fail('key', 'the name of the environment variable that holds the key')
    if (row.parameters.maxTokens > row.maxTokens)
      fail('parameters', `maxTokens ${row.parameters.maxTokens} is above the model's limit of ${row.maxTokens}`)
  })

const ModelsFile = z.strictObject({ models: z.array(ModelRow).min(1).max(500) })

/** One model as the operator describes it; see docs/models.md for each field. Times in seconds. */
export type ModelConfig = z.infer<typeof ModelRow> & { parameters: Parameters; isDemonstration: boolean }

/**
 * Reads a YAML file of models.
 * @throws InputError `models-unreadable`, or `models-invalid` naming the model and the field.
 */
export function readModels(path: string): ModelConfig[] {
  let value: unknown
  try {
    value = parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new InputError('models-unreadable', `The file of models ${path} cannot be read: ${describeError(error)}`, { cause: error })
  }
  return checkModels(value, path)
}

/**
 * Models as a parsed YAML tells them, complete with defaults.
 * @throws InputError `models-invalid`.
 */
export function checkModels(value: unknown, place: string): ModelConfig[] {
  const parsed = ModelsFile.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new InputError(
      'models-invalid',
      `${place}: ${nameOf(value, issue?.path ?? [])}: ${issue?.message ?? 'not a file of models'}. See docs/models.md.`,
    )
  }
  const names = parsed.data.models.map(({ name }) => name.toLowerCase())
  const twice = parsed.data.models.find(({ name }, index) => names.indexOf(name.toLowerCase()) !== index)
  if (twice) throw new InputError('models-invalid', `${place}: two models are named '${twice.name}'. Names must differ.`)
  return parsed.data.models.map((row) => ({ ...row, isDemonstration: ['eliza', 'echo', 'retrieval'].includes(row.provider) }))
}

/** The demonstration models, which need no key: what runs where no file of models is given. */
export function demonstrationModels(): ModelConfig[] {
  const models = [
    {
      name: 'eliza-1966',
      provider: 'eliza',
      description: 'Demonstration: Weizenbaum’s ELIZA of 1966, which turns what you say into questions. It understands nothing.',
    },
    {
      name: 'colloquy-guide',
      provider: 'retrieval',
      description: 'Demonstration: finds passages of Colloquy’s own documentation. It writes nothing itself.',
    },
    { name: 'echo', provider: 'echo', description: 'Demonstration: says what you said.', weight: 0.5 },
  ]
  return checkModels({ models: models.map((model) => ({ ...model, licence: { name: 'Apache-2.0', url: null } })) }, 'demonstration models')
}

/** `model 'name', field 'x'` of a path such as models.3.endpoint. */
function nameOf(value: unknown, [, index, ...rest]: readonly PropertyKey[]): string {
  const models = typeof value === 'object' && value !== null && 'models' in value && Array.isArray(value.models) ? value.models : []
  if (typeof index !== 'number') return "'models'"
  const row: unknown = models[index]
  const name =
    typeof row === 'object' && row !== null && 'name' in row && typeof row.name === 'string' ? `'${row.name}'` : `number ${index + 1}`
  return `model ${name}${rest.length > 0 ? `, field '${rest.map(String).join('.')}'` : ''}`
}
