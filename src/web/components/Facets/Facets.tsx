import { useState } from 'react'
import type { Facet } from '../../api.data.ts'
import { type Field, shortName } from '../../ask/fields.ts'
import { chosenValues, toggleValue } from '../../ask/toggle.ts'
import { formatCount } from '../../format.ts'
import { texts } from '../../texts.data.ts'
import { type Choices, choicesOf } from './choices.ts'
import styles from './Facets.module.css'

const FEW = 8

/** What the found conversations can be narrowed by, with counts; a click adds a value to the box or takes it away. */
export function Facets(given: { facets: readonly Facet[]; text: string; fields: readonly Field[]; search: (text: string) => void }) {
  const { facets, text, fields, search } = given
  const groups = choicesOf(facets, fields)
  if (groups.length === 0) return <p className="quiet">{texts.facets.none}</p>
  return groups.map((group) => <Group key={group.field.name} group={group} text={text} fields={fields} search={search} />)
}

function Group(given: { group: Choices; text: string; fields: readonly Field[]; search: (text: string) => void }) {
  const { group, text, fields, search } = given
  const [isLong, setLong] = useState(false)
  const chosen = chosenValues(text, fields, group.field).map((value) => value.toLowerCase())
  const isChosen = (value: string) => chosen.includes(value.toLowerCase())
  // What is chosen is never hidden, even where it has no count any more.
  const gone = chosenValues(text, fields, group.field).filter(
    (value) => !group.values.some((one) => one.value.toLowerCase() === value.toLowerCase()),
  )
  const all = [...gone.map((value) => ({ value, count: 0 })), ...group.values]
  const shown = all.filter(({ value }, index) => isLong || index < FEW || isChosen(value))
  const most = Math.max(1, ...group.values.map(({ count }) => count))
  return (
    <fieldset className={styles.group}>
      <legend>{group.label}</legend>
      {shown.map(({ value, count }) => (
        <button
          key={value}
          type="button"
          className={styles.value}
          aria-pressed={isChosen(value)}
          onClick={() => search(toggleValue(text, fields, { field: group.field, name: shortName(group.field), value }))}
        >
          <span className={styles.bar} style={{ inlineSize: `${(count / most) * 100}%` }} />
          <bdi className={styles.name}>{value}</bdi>
          <span className={styles.count}>{formatCount(count)}</span>
        </button>
      ))}
      {all.length > shown.length && (
        <button type="button" className={styles.more} onClick={() => setLong(true)}>
          {texts.facets.more(all.length - shown.length)}
        </button>
      )}
      {isLong && all.length > FEW && (
        <button type="button" className={styles.more} onClick={() => setLong(false)}>
          {texts.facets.fewer}
        </button>
      )}
    </fieldset>
  )
}
