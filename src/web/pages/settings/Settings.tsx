import { Tabs } from '../../components/Tabs/Tabs.tsx'
import { type SettingsTab, settingsHref, settingsTabs } from '../../route.desk.ts'
import { texts } from '../../texts.desk.ts'
import { Agreements } from './Agreements.tsx'
import { Deletions } from './Deletions.tsx'
import { Demands } from './Demands.tsx'
import { Requests } from './Requests.tsx'
import { Sessions } from './Sessions.tsx'
import { Tokens } from './Tokens.tsx'

const pages = { requests: Requests, agreements: Agreements, demands: Demands, deletions: Deletions, tokens: Tokens, sessions: Sessions }

/** A person's own pages: what they asked for and agreed to, what is asked of them, and the ways into their account. */
export default function SettingsPage({ tab }: { tab: SettingsTab }) {
  const Page = pages[tab]
  return (
    <>
      <h1>{texts.settings.title}</h1>
      <Tabs
        label={texts.settings.title}
        tabs={settingsTabs.map((one) => ({ href: settingsHref(one), name: texts.settings.tabs[one], isCurrent: one === tab }))}
      />
      <p className="quiet">{texts.settings.leads[tab]}</p>
      <Page />
    </>
  )
}
