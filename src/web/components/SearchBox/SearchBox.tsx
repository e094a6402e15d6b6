import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import type { Field } from '../../ask/fields.ts'
import { type Suggestion, suggest, type ValuesOf } from '../../ask/suggest.ts'
import { type Problem, translateBox } from '../../ask/translate.ts'
import { texts } from '../../texts.data.ts'
import { Menu } from '../Menu/Menu.tsx'
import { Builder } from './Builder.tsx'
import styles from './SearchBox.module.css'

/**
 * The one box that searches and filters, with suggestions, what is wrong with it, how to use it, and a builder that writes into it. `text` is what the
 * address says; what is typed becomes the address on Enter.
 */
export function SearchBox(given: { text: string; fields: readonly Field[]; valuesOf: ValuesOf; search: (text: string) => void }) {
  const { text, fields, valuesOf, search } = given
  const [draft, setDraft] = useState(text)
  const [seen, setSeen] = useState(text)
  const [caret, setCaret] = useState<number | null>(null)
  const [chosen, setChosen] = useState(-1)
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  if (seen !== text) {
    // The address changed under the box: by a facet, the builder, a saved search, Back.
    setSeen(text)
    setDraft(text)
  }
  const problems = useMemo(() => translateBox(draft, fields).problems, [draft, fields])
  const list = useMemo(() => (caret === null ? [] : suggest({ text: draft, caret, fields, valuesOf })), [caret, draft, fields, valuesOf])
  const isOpen = list.length > 0
  const take = (one: Suggestion) => {
    setDraft(draft.slice(0, one.start) + one.insert + draft.slice(one.end))
    const place = one.start + one.insert.length
    setCaret(one.insert.endsWith(':') ? place : null)
    setChosen(-1)
    requestAnimationFrame(() => {
      input.current?.focus()
      input.current?.setSelectionRange(place, place)
    })
  }
  const submit = (wanted: string) => {
    setCaret(null)
    if (!translateBox(wanted, fields).problems.some(({ isFatal }) => isFatal)) search(wanted.trim())
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const picked = list[chosen]
    if (event.key === 'ArrowDown' && isOpen) setChosen((chosen + 1) % list.length)
    else if (event.key === 'ArrowUp' && isOpen) setChosen((chosen < 0 ? list.length : chosen) - 1)
    else if (event.key === 'Escape' && isOpen) setCaret(null)
    else if ((event.key === 'Enter' || event.key === 'Tab') && isOpen && picked) take(picked)
    else return
    event.preventDefault()
  }
  return (
    <search className={styles.search}>
      <div className={styles.line}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault()
            submit(draft)
          }}
        >
          <div className={styles.box}>
            <input
              ref={input}
              id="search-box"
              type="text"
              role="combobox"
              aria-label={texts.ask.label}
              aria-expanded={isOpen}
              aria-controls={`${id}-list`}
              aria-autocomplete="list"
              aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
              aria-describedby={`${id}-problems`}
              placeholder={texts.ask.placeholder}
              autoComplete="off"
              spellCheck={false}
              dir="auto"
              value={draft}
              onChange={({ target }) => {
                setDraft(target.value)
                setCaret(target.selectionStart)
                setChosen(-1)
              }}
              onKeyDown={onKeyDown}
              onBlur={() => setCaret(null)}
            />
            <div role="listbox" id={`${id}-list`} aria-label={texts.ask.suggestions} className={styles.list} hidden={!isOpen}>
              {list.map((one, index) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the box has the keys
                // biome-ignore lint/a11y/useFocusableInteractive: the box keeps the focus
                <div
                  key={one.insert}
                  role="option"
                  id={`${id}-${index}`}
                  aria-selected={index === chosen}
                  className={styles.option}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => take(one)}
                >
                  <bdi>{one.label}</bdi>
                  <span className="quiet">{one.detail}</span>
                </div>
              ))}
            </div>
          </div>
          <button type="submit" className="primary">
            {texts.ask.go}
          </button>
          {text !== '' && (
            <button
              type="button"
              onClick={() => {
                setDraft('')
                search('')
              }}
            >
              {texts.ask.clear}
            </button>
          )}
        </form>
        <Menu label={texts.ask.builder} align="end">
          <Builder key={text} text={text} fields={fields} valuesOf={valuesOf} search={search} />
        </Menu>
        <Menu label={texts.ask.help} align="end">
          <dl className={styles.help}>
            {texts.ask.examples.map(([example, words]) => (
              <div key={example}>
                <dt>
                  <button type="button" onClick={() => setDraft(`${draft.trimEnd()} ${example}`.trim())}>
                    <code>{example}</code>
                  </button>
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        </Menu>
      </div>
      <Problems id={`${id}-problems`} problems={isOpen ? [] : problems} />
    </search>
  )
}

function Problems({ id, problems }: { id: string; problems: readonly Problem[] }) {
  return (
    <ul id={id} className={styles.problems} aria-live="polite">
      {problems.map(({ message, isFatal }) => (
        <li key={message} data-fatal={isFatal}>
          {message}
        </li>
      ))}
    </ul>
  )
}
