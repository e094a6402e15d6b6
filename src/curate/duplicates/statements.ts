import { patternKeyLength, patternShapes } from './patterns.ts'

/** A way of grouping conversations: the name of its column in the label, and the SELECT of (row, key) that it stands for. */
export interface Grouping {
  name: string
  members: string
  /** Whether it reads table `near`. */
  isNear: boolean
}

/** Every grouping of the label `duplicates`. */
export const groupings: readonly Grouping[] = [
  ...['exact_first_prompt', 'exact_prompts', 'exact_conversation', 'normal_first_prompt', 'normal_prompts', 'normal_conversation'].map(
    (name) => ({
      name,
      members: `SELECT row, ${name} AS key FROM rows`,
      isNear: false,
    }),
  ),
  { name: 'near_first_prompt', members: nearMembers('normal_first_prompt', 'message_set'), isNear: true },
  { name: 'near_prompts', members: nearMembers('normal_prompts', 'prompt_set'), isNear: true },
  {
    name: 'template',
    members:
      'SELECT rows.row, template_texts.family AS key FROM rows JOIN template_texts ON rows.normal_first_prompt = template_texts.text',
    isNear: false,
  },
]

function nearMembers(column: string, set: string): string {
  return `SELECT rows.row, coalesce(near.${set}, rows.${column}) AS key FROM rows LEFT JOIN near ON rows.${column} = near.text`
}

/** Tables that the shards' signatures are read into. */
export const createTables = [
  `CREATE TABLE rows (row INTEGER, id VARCHAR, exact_first_prompt VARCHAR, exact_prompts VARCHAR, exact_conversation VARCHAR, normal_first_prompt VARCHAR,
    normal_prompts VARCHAR, normal_conversation VARCHAR, started_at TIMESTAMP, person VARCHAR, vote INTEGER, length INTEGER)`,
  'CREATE TABLE occurrences (row INTEGER, message INTEGER, place BIGINT, text VARCHAR)',
]

/** Reads one shard's rows; `offset` is the number of rows in the shards before it, `source` a table expression with `file_row_number`. */
export function readRows(source: string, offset: number): readonly string[] {
  return [
    `INSERT INTO rows SELECT ${offset} + file_row_number, id, exact_first_prompt, exact_prompts, exact_conversation, normal_first_prompt,
      normal_prompts, normal_conversation, started_at, "user", vote, length FROM ${source}`,
    `INSERT INTO occurrences SELECT row, t.message, row * ${placesPerRow}::BIGINT + position - 1, t.id FROM (
      SELECT ${offset} + file_row_number AS row, unnest(texts) AS t, generate_subscripts(texts, 1) AS position FROM ${source}
    )`,
  ]
}

/** A text's place is its row × so many + its place in the row's list; fewer than 2²⁴ texts a conversation and 2²⁹ conversations keep it exact. */
export const placesPerRow = 2 ** 24

/** Numbers the distinct texts by their ids, and names the one place each is read from. */
export const numberTexts = `
  CREATE TABLE places AS
  SELECT first.text, first.place, first.in_messages, prompts.text IS NOT NULL AS in_prompts, row_number() OVER (ORDER BY first.text) - 1 AS number
  FROM (SELECT text, min(place) AS place, max(message) >= 0 AS in_messages FROM occurrences GROUP BY text) AS first
  LEFT JOIN (SELECT DISTINCT normal_prompts AS text FROM rows) AS prompts ON prompts.text = first.text`

/** Every distinct text's place, number and scope, in the order of places. */
export const firstPlaces = `
  SELECT place::DOUBLE, number::INTEGER, (CASE WHEN in_messages THEN 1 ELSE 0 END + CASE WHEN in_prompts THEN 2 ELSE 0 END)::INTEGER
  FROM places ORDER BY place`

/** Names near-duplicate sets by their smallest text id, from a Parquet file of (number, message_set, prompt_set) numbers. */
export function nameNear(source: string): string {
  return `
    CREATE TABLE near AS
    SELECT places.text, messages.text AS message_set, prompts.text AS prompt_set
    FROM ${source} AS sets
    JOIN places ON places.number = sets.number
    JOIN places AS messages ON messages.number = sets.message_set
    JOIN places AS prompts ON prompts.number = sets.prompt_set`
}

/** Groups of two and more with each member's ranks: by time, by length, by vote; ties by time, then id. */
export function rankGroup({ name, members }: Grouping): readonly string[] {
  const order = 'rows.started_at ASC NULLS LAST, rows.id ASC'
  return [
    `CREATE TABLE members_${name} AS ${members}`,
    `CREATE TABLE ranked_${name} AS
      SELECT members.row, members.key, sizes.size,
        row_number() OVER (PARTITION BY members.key ORDER BY ${order}) AS first,
        row_number() OVER (PARTITION BY members.key ORDER BY rows.length DESC, ${order}) AS longest,
        row_number() OVER (PARTITION BY members.key ORDER BY rows.vote DESC, ${order}) AS vote
      FROM members_${name} AS members
      JOIN (SELECT key, count(*) AS size FROM members_${name} WHERE key <> '' GROUP BY key HAVING count(*) > 1) AS sizes ON members.key = sizes.key
      JOIN rows ON rows.row = members.row
      ORDER BY members.row`,
    `DROP TABLE members_${name}`,
  ]
}

/** One shard's labels in the order of its conversations. */
export function labelStatement(offset: number, rows: number): string {
  const inside = (table: string) => `(SELECT * FROM ${table} WHERE row >= ${offset} AND row < ${offset + rows})`
  const columns = groupings.map(({ name }) => {
    const own = name.startsWith('near_') ? `rows.normal_${name.slice(5)}` : name === 'template' ? 'NULL' : `rows.${name}`
    const filled = `{'key': coalesce(${name}.key, ${own}), 'size': coalesce(${name}.size, 1)::INTEGER, 'first': coalesce(${name}.first, 1)::INTEGER,
      'longest': coalesce(${name}.longest, 1)::INTEGER, 'vote': coalesce(${name}.vote, 1)::INTEGER}`
    return name === 'template' ? `CASE WHEN template.key IS NULL THEN NULL ELSE ${filled} END AS template` : `${filled} AS ${name}`
  })
  return `
    SELECT rows.id, ${columns.join(', ')}, families.users::INTEGER AS template_users, coalesce(messages.messages, []) AS messages
    FROM ${inside('rows')} AS rows
    ${groupings.map(({ name }) => `LEFT JOIN ${inside(`ranked_${name}`)} AS ${name} ON ${name}.row = rows.row`).join('\n')}
    LEFT JOIN families ON families.family = template.key
    LEFT JOIN ${inside('labelled_messages')} AS messages ON messages.row = rows.row
    ORDER BY rows.row`
}

/** Each conversation's user messages with their near-duplicate sets and the number of messages in each. */
export const labelMessages = [
  `CREATE TABLE message_sets AS
    SELECT row, message, coalesce(near.message_set, occurrences.text) AS key FROM occurrences LEFT JOIN near ON near.text = occurrences.text
    WHERE message >= 0`,
  'CREATE TABLE message_sizes AS SELECT key, count(*) AS size FROM message_sets GROUP BY key HAVING count(*) > 1',
  `CREATE TABLE labelled_messages AS
    SELECT row, list_sort(list({'message': message, 'key': message_sets.key, 'size': coalesce(sizes.size, 1)::INTEGER})) AS messages
    FROM message_sets LEFT JOIN message_sizes AS sizes ON sizes.key = message_sets.key GROUP BY row ORDER BY row`,
  'DROP TABLE message_sets',
]

/** A family has at least so many different prompts. */
export const leastFamilyTexts = 10
/** A family has at least so many conversations. */
export const leastFamilySize = 20

/**
 * Finds families of prompts. Every prompt has one key a shape; keys of enough different prompts are patterns; each prompt goes to the pattern that
 * explains most: number of different prompts times fixed tokens beyond two. `files` is a list of all shards' signatures.
 */
export function findFamilies(files: string): readonly string[] {
  const shapes = patternShapes.flatMap(({ start, end }, index) => {
    const key = `substr(keys, ${index * patternKeyLength + 1}, ${patternKeyLength})`
    return [
      `INSERT INTO found SELECT ${key}, ${index}, count(*), ${start + end} FROM prompts WHERE ${key} <> '     '
        GROUP BY ${key} HAVING count(*) >= ${leastFamilyTexts}`,
      `INSERT INTO choices SELECT prompts.text, found.key, ${index}, found.size * (found.fixed - 2), found.fixed
        FROM prompts JOIN found ON found.shape = ${index} AND ${key} = found.key`,
    ]
  })
  return [
    `CREATE TABLE prompts AS SELECT normal_first_prompt AS text, min(patterns) AS keys FROM read_parquet(${files}) WHERE patterns <> '' GROUP BY normal_first_prompt`,
    'CREATE TABLE found (key VARCHAR, shape INTEGER, size BIGINT, fixed INTEGER)',
    'CREATE TABLE choices (text VARCHAR, key VARCHAR, shape INTEGER, score BIGINT, fixed INTEGER)',
    ...shapes,
    `CREATE TABLE assigned AS SELECT text, key || shape AS family, shape FROM (
      SELECT text, key, shape, row_number() OVER (PARTITION BY text ORDER BY score DESC, fixed DESC, shape ASC, key ASC) AS place FROM choices
    ) AS ordered WHERE place = 1`,
    `CREATE TABLE families AS
      SELECT family, min(shape) AS shape, count(*) AS size, count(DISTINCT assigned.text) AS texts, count(DISTINCT person) AS users,
        min(started_at) AS first_at, max(started_at) AS last_at, min(rows.row) AS sample
      FROM assigned JOIN rows ON rows.normal_first_prompt = assigned.text
      GROUP BY family HAVING count(*) >= ${leastFamilySize} AND count(DISTINCT assigned.text) >= ${leastFamilyTexts}`,
    'CREATE TABLE template_texts AS SELECT assigned.text, assigned.family FROM assigned JOIN families ON families.family = assigned.family',
    'DROP TABLE choices',
    'DROP TABLE prompts',
  ]
}
