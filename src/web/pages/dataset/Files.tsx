import type { Dataset } from '../../api.ts'
import { Copy } from '../../components/Copy/Copy.tsx'
import { formatBytes, formatCount } from '../../format.ts'
import { texts as desk } from '../../texts.desk.ts'
import { texts } from '../../texts.ts'
import styles from '../Dataset.module.css'

/** The files of a version with their sizes and checksums; names lead to the bytes for those who may read them. */
export function Files({ info, isAllowed }: { info: Dataset; isAllowed: boolean }) {
  const files = info.siblings ?? []
  return (
    <section aria-labelledby="files">
      <h2 id="files">
        {texts.dataset.files} <span className="quiet">({formatCount(files.length)})</span>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.files} tabIndex={0} aria-label={texts.dataset.files}>
        <table>
          <thead>
            <tr>
              <th scope="col">{desk.dataset.file}</th>
              <th scope="col">{desk.dataset.size}</th>
              <th scope="col">{desk.dataset.checksum}</th>
            </tr>
          </thead>
          <tbody>
            {files.map(({ rfilename, size = 0, lfs, blobId = '' }) => (
              <tr key={rfilename}>
                <td>
                  {isAllowed ? (
                    <a href={`/datasets/${info.id}/resolve/${info.sha}/${rfilename.split('/').map(encodeURIComponent).join('/')}`} download>
                      <bdi>{rfilename}</bdi>
                    </a>
                  ) : (
                    <bdi>{rfilename}</bdi>
                  )}
                </td>
                <td className={styles.number}>{formatBytes(size)}</td>
                <td className={styles.checksum}>
                  <code title={lfs?.sha256 ?? blobId}>
                    {lfs ? 'sha256' : 'git'} {(lfs?.sha256 ?? blobId).slice(0, 10)}…
                  </code>{' '}
                  <Copy text={lfs?.sha256 ?? blobId} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}
