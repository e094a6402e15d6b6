import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'
import { describeError, InputError } from '../errors.ts'
import { ruleNames } from './rules.ts'

const ruleSchema = z
  .union([z.string(), z.looseObject({ rule: z.string() })])
  .transform((rule) => (typeof rule === 'string' ? { rule } : rule))
  .superRefine(({ rule }, context) => {
    if (!ruleNames.includes(rule)) context.addIssue(`There is no rule '${rule}'. Rules: ${ruleNames.join(', ')}.`)
  })

/** A release as a readable list; docs/recipes.md explains each part. */
export const recipeSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'lower-case letters, digits, . _ -'),
  consent: z.enum(['required', 'assumed']),
  renames: z.enum(['lmsys', 'none']).default('none'),
  supersede: z.enum(['latest', 'latest-without-network-error']).default('latest'),
  language: z.enum(['conversation', 'first-prompt']).default('conversation'),
  labels: z.array(z.string()).default(['language', 'tokens', 'format']),
  /** Settings of labellers, by label. */
  settings: z
    .record(
      z.string(),
      // A recipe is published with the release, and so would a key in it be.
      z
        .record(z.string(), z.unknown())
        .refine((settings) => !('apiKey' in settings), 'a key stands here; take it out, and set OPENAI_API_KEY'),
    )
    .default({}),
  rules: z.array(ruleSchema).default([]),
  blockedWords: z.string().optional(),
  sampling: z.strictObject({ seed: z.int().min(0).max(0xffffffff), size: z.int().min(1) }).optional(),
  columns: z.array(z.string()).default([]),
  card: z.record(z.string(), z.unknown()).default({}),
})

/** A parsed recipe. `blockedWords` names a file (JSON list, or one word a line), relative to the recipe's own folder. */
export type Recipe = z.infer<typeof recipeSchema>

/** A recipe with what it refers to, read. */
export interface LoadedRecipe {
  recipe: Recipe
  blockedWords: readonly string[]
}

const builtInFolder = fileURLToPath(new URL('./recipes/', import.meta.url))

/** Names of the recipes that come with the package. */
export function builtInRecipes(): string[] {
  return readdirSync(builtInFolder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort()
}

/**
 * Reads a built-in recipe by name, or a YAML file.
 * @throws InputError `recipe-unknown` when there is neither, `recipe-invalid` naming the field and what it takes.
 */
export function loadRecipe(nameOrFile: string): LoadedRecipe {
  const isBuiltIn = builtInRecipes().includes(nameOrFile)
  const file = isBuiltIn ? `${builtInFolder}${nameOrFile}.yaml` : nameOrFile
  if (!existsSync(file)) {
    throw new InputError(
      'recipe-unknown',
      `There is no recipe '${nameOrFile}'. Give a YAML file, or one of: ${builtInRecipes().join(', ')}.`,
    )
  }
  const recipe = parseRecipe(readFileSync(file, 'utf8'), nameOrFile)
  return { recipe, blockedWords: recipe.blockedWords ? readWords(resolve(dirname(file), recipe.blockedWords)) : [] }
}

/** Parses a recipe's YAML; `source` names it in errors. @throws InputError `recipe-invalid` */
export function parseRecipe(text: string, source: string): Recipe {
  let data: unknown
  try {
    data = parse(text)
  } catch (error) {
    throw new InputError('recipe-invalid', `Recipe ${source} is not YAML: ${describeError(error)}`, { cause: error })
  }
  const result = recipeSchema.safeParse(data)
  if (result.success) return result.data
  const issues = result.error.issues.map(({ path, message }) => `${path.join('.') || 'recipe'}: ${message}`)
  throw new InputError('recipe-invalid', `Recipe ${source}: ${issues.join('; ')}`)
}

/** 64 hex digits of a recipe with its word list: changes when anything in it does. */
export function hashRecipe({ recipe, blockedWords }: LoadedRecipe): string {
  return createHash('sha256')
    .update(JSON.stringify([recipe, blockedWords]))
    .digest('hex')
}

function readWords(file: string): string[] {
  if (!existsSync(file)) {
    // FastChat went on without its list when the file was missing: a silent hole that nobody sees in the result.
    throw new InputError('blocked-words-missing', `The recipe's blockedWords file ${file} does not exist. Create it, or take the line out.`)
  }
  const text = readFileSync(file, 'utf8')
  if (!text.trimStart().startsWith('[')) return text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const words = z.array(z.string()).safeParse(JSON.parse(text))
  if (words.success) return words.data
  throw new InputError('blocked-words-invalid', `The blockedWords file ${file} is JSON but not a list of strings.`)
}
