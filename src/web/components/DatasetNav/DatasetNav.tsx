import { diffHref, statisticsHref, viewHref } from '../../route.data.ts'
import { datasetHref } from '../../route.ts'
import { texts } from '../../texts.data.ts'
import { Tabs } from '../Tabs/Tabs.tsx'

/** The way from one page of a dataset to the others. */
export function DatasetNav({ dataset, current }: { dataset: string; current: string }) {
  const pages = [
    ['card', datasetHref(dataset), texts.nav.card],
    ['viewer', viewHref(dataset, {}), texts.nav.viewer],
    ['statistics', statisticsHref(dataset, {}), texts.nav.statistics],
    ['diff', diffHref(dataset, {}), texts.nav.versions],
    ['sql', `/sql?dataset=${dataset}`, texts.nav.sql],
  ] as const
  return <Tabs label={texts.nav.label} tabs={pages.map(([page, href, name]) => ({ href, name, isCurrent: page === current }))} />
}
