import type { Conversation } from '../../api.chat.shapes.ts'
import type { Session } from '../../chat/session.ts'
import { texts } from '../../texts.chat.ts'
import { Copy } from '../Copy/Copy.tsx'
import styles from './Share.module.css'

/** Makes, shows and takes back the link under which anyone can read a conversation. */
export function Share({ conversation, session }: { conversation: Conversation; session: Session }) {
  const { share } = conversation
  const address = share ? `${location.origin}${share.path}` : ''
  return (
    <details className={styles.share}>
      <summary>{texts.share.make}</summary>
      <div className={styles.box}>
        <p>{texts.share.hint}</p>
        {share ? (
          <>
            <label>
              <span className="hidden">{texts.share.link}</span>
              <input readOnly value={address} onFocus={({ target }) => target.select()} />
            </label>
            <p className={styles.row}>
              <Copy text={address} />
              <button type="button" onClick={() => void session.share(false)}>
                {texts.share.revoke}
              </button>
            </p>
          </>
        ) : (
          <button type="button" className="primary" onClick={() => void session.share(true)}>
            {texts.share.create}
          </button>
        )}
      </div>
    </details>
  )
}
