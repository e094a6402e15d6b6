import { api, type Dataset } from '../../api.ts'
import { Facts } from '../../components/Facts/Facts.tsx'
import { formatBytes, formatCount } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { texts as desk } from '../../texts.desk.ts'
import { texts } from '../../texts.ts'

/** The few figures that tell how large a dataset is and how much it is used. */
export function Figures({ info, isAllowed }: { info: Dataset; isAllowed: boolean }) {
  const size = useLoad(`size ${info.id} ${isAllowed}`, async (signal) => (isAllowed ? await api.size(info.id, signal) : undefined))
  const rows = size.state === 'ready' && size.value ? formatCount(size.value.size.dataset.num_rows) : '–'
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
