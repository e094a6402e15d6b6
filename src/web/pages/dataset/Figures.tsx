import { api, type Dataset } from '../../api.ts'
import { Facts } from '../../components/Facts/Facts.tsx'
import { formatBytes, formatCount } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { texts as desk } from '../../texts.desk.ts'
import { texts } from '../../texts.ts'

/** The few figures that tell how large a dataset is and how much it is used. */
export function Figures({ info, isAllowed, rows: told }: { info: Dataset; isAllowed: boolean; rows: number | undefined }) {
  const size = useLoad(`size ${info.id} ${isAllowed}`, async (signal) => (isAllowed ? await api.size(info.id, signal) : undefined))
  // Who may not count the rows is told what the version says of itself.
  const counted = size.state === 'ready' ? size.value?.size.dataset.num_rows : undefined
  const count = counted ?? told
  const rows = count === undefined ? '–' : formatCount(count)
  const languages = info.cardData.language
  const figures: [string, string][] = [
    [desk.dataset.conversations, size.state === 'loading' ? '…' : rows],
    [desk.dataset.size, formatBytes(info.usedStorage ?? 0)],
    [desk.dataset.languages, Array.isArray(languages) ? formatCount(languages.length) : '–'],
    [desk.dataset.downloadsCount, formatCount(info.downloads)],
  ]
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">{texts.dataset.figures}</h2>
      <Facts facts={figures} />
    </section>
  )
}
