import { useState } from 'react'
import { api, type Dataset } from '../../api.ts'
import { Code } from '../../components/Code/Code.tsx'
import { useLoad } from '../../load.ts'
import { snippetsOf } from '../../snippets.ts'
import { texts as desk } from '../../texts.desk.ts'
import { texts } from '../../texts.ts'
import styles from '../Dataset.module.css'

/** How to load the dataset from programs, with this server's address filled in. */
export function Snippets({ info, isAllowed }: { info: Dataset; isAllowed: boolean }) {
  const splits = useLoad(`splits ${info.id} ${isAllowed}`, async (signal) => (isAllowed ? await api.splits(info.id, signal) : []))
  const [chosen, setChosen] = useState('Python')
  const [first] = splits.state === 'ready' ? splits.value : []
  const snippets = snippetsOf({
    origin: location.origin,
    dataset: info.id,
    config: first?.config ?? 'default',
    split: first?.split ?? 'train',
    isGated: info.gated !== false || info.private,
  })
  const shown = snippets.find(({ name }) => name === chosen) ?? snippets[0]
  return (
    <section aria-labelledby="use">
      <h2 id="use">{texts.dataset.use}</h2>
      <fieldset className={styles.choices}>
        <legend className="hidden">{desk.dataset.language}</legend>
        {snippets.map(({ name }) => (
          <button key={name} type="button" aria-pressed={name === shown?.name} onClick={() => setChosen(name)}>
            {name}
          </button>
        ))}
      </fieldset>
      {shown && <Code text={shown.code} language={shown.language} />}
    </section>
  )
}
