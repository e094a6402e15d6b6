import { type FormEvent, useState } from 'react'
import { useAct } from '../../act.ts'
import { dataApi } from '../../api.data.ts'
import { api } from '../../api.ts'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { useReload } from '../../reload.ts'
import { type SavedSearch, savedSearches } from '../../saved.ts'
import { texts } from '../../texts.data.ts'
import { Menu } from '../Menu/Menu.tsx'
import { Failed, Loading } from '../State/State.tsx'
import styles from './Saved.module.css'

/** Searches of a dataset that got a name: in the account of who is signed in, else in this browser. Nothing is asked of the server until it is opened. */
export function Saved({ dataset }: { dataset: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Menu label={texts.results.saved} align="end" opened={() => setOpen(true)}>
      {isOpen && <Panel dataset={dataset} />}
    </Menu>
  )
}

function Panel({ dataset }: { dataset: string }) {
  const session = useLoad('session', api.session)
  const kept = savedSearches.use().filter((one) => one.dataset === dataset)
  if (session.state === 'loading') return <Loading />
  if (session.state === 'ready' && session.value) return <InAccount dataset={dataset} kept={kept} />
  return (
    <>
      <SaveForm
        save={(name, href) => {
          savedSearches.remove((one) => one.dataset === dataset && one.name === name)
          savedSearches.add({ dataset, name, href })
        }}
      />
      <List searches={kept} remove={removeKept} none={texts.results.savedHere} />
    </>
  )
}

/** The account's searches; those that this browser kept from before stand below until they are deleted. */
function InAccount({ dataset, kept }: { dataset: string; kept: readonly SavedSearch[] }) {
  const [found, reload] = useReload('searches', dataApi.searches)
  const act = useAct()
  const change = (work: () => Promise<unknown>) =>
    void act.run(async () => {
      await work()
      reload()
      return ''
    })
  return (
    <>
      <SaveForm save={(name, href) => change(() => dataApi.saveSearch({ dataset, name, href }))} />
      {act.error && <Failed error={act.error} />}
      {found.state === 'loading' && <Loading />}
      {found.state === 'error' && <Failed error={found.error} retry={found.retry} />}
      {found.state === 'ready' && (
        <List
          searches={found.value.filter((one) => one.dataset === dataset)}
          remove={({ name }) => change(() => dataApi.removeSearch(dataset, name))}
          none={texts.results.savedAccount}
        />
      )}
      {kept.length > 0 && (
        <>
          <p className={styles.lead}>{texts.results.savedBrowser}</p>
          <List searches={kept} remove={removeKept} none="" />
        </>
      )}
    </>
  )
}

const removeKept = ({ dataset, name }: SavedSearch) => savedSearches.remove((one) => one.dataset === dataset && one.name === name)

function SaveForm({ save }: { save: (name: string, href: string) => void }) {
  const [name, setName] = useState('')
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (name.trim() === '') return
    save(name.trim(), location.pathname + location.search)
    setName('')
  }
  return (
    <form className={styles.save} onSubmit={submit}>
      <input
        aria-label={texts.results.saveName}
        placeholder={texts.results.saveName}
        value={name}
        maxLength={80}
        required
        onChange={({ target }) => setName(target.value)}
      />
      <button type="submit">{texts.results.save}</button>
    </form>
  )
}

function List(given: { searches: readonly SavedSearch[]; remove: (search: SavedSearch) => void; none: string }) {
  const { searches, remove, none } = given
  if (searches.length === 0) return <p className={styles.lead}>{none}</p>
  return (
    <ul className={styles.saved}>
      {searches.map((one) => (
        <li key={one.name}>
          <Link href={one.href}>
            <bdi>{one.name}</bdi>
          </Link>
          <button type="button" aria-label={`${texts.results.remove}: ${one.name}`} onClick={() => remove(one)}>
            ✕
          </button>
        </li>
      ))}
    </ul>
  )
}
