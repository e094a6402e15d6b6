import { useEffect, useRef } from 'react'
import { texts } from '../../texts.data.ts'
import { texts as common } from '../../texts.ts'
import styles from './Reader.module.css'

/** The keys of the reader, as a dialog. */
export function Help({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  return (
    <dialog ref={dialog} className={styles.help} onClose={close} aria-label={texts.reader.helpTitle}>
      <h2>{texts.reader.helpTitle}</h2>
      <dl>
        {texts.reader.keys.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={close}>
        {common.viewer.close}
      </button>
    </dialog>
  )
}
