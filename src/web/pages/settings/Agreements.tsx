import { type Agreement, deskApi } from '../../api.desk.ts'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatTime } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { datasetHref } from '../../route.ts'
import { texts } from '../../texts.desk.ts'

/** What a person agreed to and what was decided on them, as the ledger has it. */
export function Agreements() {
  const found = useLoad('own agreements', deskApi.agreements)
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  if (found.value.length === 0) return <Empty title={texts.settings.noAgreements}>{texts.settings.noAgreementsHint}</Empty>
  const { heads } = texts.settings
  return (
    <Sheet label={texts.settings.tabs.agreements} heads={[heads.when, heads.dataset, heads.what]}>
      {found.value.map((entry) => (
        <tr key={`${entry.at} ${entry.dataset} ${entry.action}`}>
          <td>{formatTime(entry.at)}</td>
          <td>
            <Link href={datasetHref(entry.dataset)}>{entry.dataset}</Link>
          </td>
          <td>{wordsOf(entry)}</td>
        </tr>
      ))}
    </Sheet>
  )
}

function wordsOf({ action, detail }: Agreement): string {
  const words: Readonly<Record<string, string>> = texts.actions
  const plain = words[action] ?? action
  const level = detail.level === 'raw' ? ` (${texts.raw})` : ''
  const terms = typeof detail.terms === 'number' ? `, ${texts.settings.termsVersion(detail.terms)}` : ''
  return `${plain}${level}${terms}${typeof detail.reason === 'string' ? `: ${detail.reason}` : ''}`
}
