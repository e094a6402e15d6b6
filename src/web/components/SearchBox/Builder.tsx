import type { FormEvent, InputHTMLAttributes } from 'react'
import { type Field, findField, shortName } from '../../ask/fields.ts'
import { type Item, printBox, type Test } from '../../ask/items.ts'
import type { ValuesOf } from '../../ask/suggest.ts'
import { itemsOf } from '../../ask/toggle.ts'
import { texts } from '../../texts.data.ts'
import styles from './SearchBox.module.css'

/** Fields that are offered by name; everything else can be typed. */
const offered = ['role', 'model', 'language', 'turn', 'flagged', 'redacted', 'tag', 'topic', 'started_at']

/** A form that writes the search box: filled in with what the box says; what the form does not know stays as it is. */
export function Builder(given: { text: string; fields: readonly Field[]; valuesOf: ValuesOf; search: (text: string) => void }) {
  const { text, fields, valuesOf, search } = given
  const items = itemsOf(text, fields)
  const lines = offered.flatMap((name) => {
    const field = findField(fields, name)
    return field ? [field] : []
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    search(printBox(readForm(form, items, fields, lines)))
  }
  const joined = (wanted: (item: Item) => boolean) =>
    items
      .filter(wanted)
      .map((item) => (item.kind === 'field' ? '' : item.text))
      .join(' ')
  return (
    <form className={styles.builder} onSubmit={submit} aria-label={texts.builder.title}>
      <p className={styles.lead}>{texts.builder.lead}</p>
      <label>
        {texts.builder.words}
        <input name="words" dir="auto" defaultValue={joined((item) => item.kind === 'word' && !item.isExcluded)} />
      </label>
      <label>
        {texts.builder.phrase}
        <input name="phrase" dir="auto" defaultValue={joined((item) => item.kind === 'phrase' && !item.isExcluded)} />
      </label>
      <label>
        {texts.builder.without}
        <input name="without" dir="auto" defaultValue={joined((item) => item.kind === 'word' && item.isExcluded)} />
      </label>
      {lines.map((field) => (
        <Line key={field.name} field={field} test={testOf(items, fields, field)} valuesOf={valuesOf} />
      ))}
      <button type="submit" className="primary">
        {texts.builder.apply}
      </button>
    </form>
  )
}

function Line({ field, test, valuesOf }: { field: Field; test: Test | undefined; valuesOf: ValuesOf }) {
  const name = `field-${field.name}`
  const label = shortName(field)
  if (field.kind === 'number' || field.kind === 'date') {
    const [low, high] = endsOf(test)
    const shape: InputHTMLAttributes<HTMLInputElement> =
      field.kind === 'number'
        ? { inputMode: 'decimal', pattern: '-?[0-9]+(\\.[0-9]+)?' }
        : { placeholder: '2023-08-01', pattern: '[0-9]{4}(-[0-9]{2}){0,2}' }
    return (
      <fieldset>
        <legend>{label}</legend>
        <span className={styles.pair}>
          <input {...shape} name={`${name}-low`} defaultValue={low} aria-label={`${label} ${texts.builder.from}`} />
          <input {...shape} name={`${name}-high`} defaultValue={high} aria-label={`${label} ${texts.builder.to}`} />
        </span>
      </fieldset>
    )
  }
  const found = valuesOf(field)
  const values = field.values.length > 0 ? field.values : found.map(({ value }) => value)
  const present = test?.op === 'is' ? test.values : []
  return (
    <label>
      {label}
      <select name={name} defaultValue={present[0] ?? ''}>
        <option value="">{texts.builder.any}</option>
        {[...new Set([...values, ...present])].map((value) => (
          <option key={value}>{value}</option>
        ))}
      </select>
    </label>
  )
}

/** The items of the form, in place of those that it stands for; a field with several values keeps them unless the form says otherwise. */
function readForm(form: FormData, items: readonly Item[], fields: readonly Field[], lines: readonly Field[]): Item[] {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const words = (name: string, isExcluded: boolean): Item[] =>
    text(name)
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => ({ kind: 'word', text: word, isExcluded }))
  const phrase = text('phrase').replaceAll('"', '')
  const kept = items.filter((item) => {
    if (item.kind === 'phrase') return item.isExcluded
    const field = item.kind === 'field' ? findField(fields, item.field) : undefined
    return item.kind === 'field' && (item.isExcluded || field === undefined || !lines.includes(field))
  })
  const asked = lines.flatMap((field): Item[] => {
    const name = `field-${field.name}`
    const before = items.filter((item) => item.kind === 'field' && !item.isExcluded && findField(fields, item.field) === field)
    const made = (test: Test): Item[] => [{ kind: 'field', field: shortName(field), test, isExcluded: false }]
    const shown = testOf(items, fields, field)
    if (field.kind === 'number' || field.kind === 'date') {
      const low = text(`${name}-low`)
      const high = text(`${name}-high`)
      const [shownLow, shownHigh] = endsOf(shown)
      if (low === shownLow && high === shownHigh) return before
      if (low === '' && high === '') return []
      return low === high ? made({ op: 'is', values: [low] }) : made({ op: 'between', low, high })
    }
    const value = text(name)
    if (value === (shown?.op === 'is' ? (shown.values[0] ?? '') : '')) return before
    return value === '' ? [] : made({ op: 'is', values: [value] })
  })
  const said: Item[] = phrase === '' ? [] : [{ kind: 'phrase', text: phrase, isExcluded: false }]
  return [...words('words', false), ...said, ...words('without', true), ...kept, ...asked]
}

function testOf(items: readonly Item[], fields: readonly Field[], field: Field): Test | undefined {
  const found = items.find((item) => item.kind === 'field' && !item.isExcluded && findField(fields, item.field) === field)
  return found?.kind === 'field' ? found.test : undefined
}

/** The two ends of a range as the form shows them; `turns>4` begins at 5, a day after another is shown as that day. */
function endsOf(test: Test | undefined): [string, string] {
  if (!test) return ['', '']
  if (test.op === 'between') return [test.low, test.high]
  if (test.op === 'is') return [test.values[0] ?? '', test.values[0] ?? '']
  if (test.op === '>=') return [test.value, '']
  if (test.op === '<=') return ['', test.value]
  const moved = (by: number) => (/^-?\d{1,15}$/.test(test.value) ? String(Number(test.value) + by) : test.value)
  return test.op === '>' ? [moved(1), ''] : ['', moved(-1)]
}
