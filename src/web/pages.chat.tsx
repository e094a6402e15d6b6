import { lazy } from 'react'
import type { ChatPlace } from './route.chat.ts'

const ChatPage = lazy(() => import('./pages/chat/Chat.tsx'))
const SharedPage = lazy(() => import('./pages/chat/Shared.tsx'))
const ArenaPage = lazy(() => import('./pages/chat/Arena.tsx'))
const LeaderboardPage = lazy(() => import('./pages/chat/Leaderboard.tsx'))
const WithdrawPage = lazy(() => import('./pages/chat/Withdraw.tsx'))
const OperatorPage = lazy(() => import('./pages/chat/Operator.tsx'))

/** The page of an address of the collection site; each is loaded when it is opened. */
export function chatPageOf(place: ChatPlace) {
  switch (place.page) {
    case 'chat':
      return <ChatPage conversation={place.conversation} />
    case 'shared':
      return <SharedPage key={place.share} share={place.share} />
    case 'arena':
      return <ArenaPage conversation={place.conversation} isNamed={place.isNamed} />
    case 'leaderboard':
      return <LeaderboardPage place={place} />
    case 'withdraw':
      return <WithdrawPage />
    case 'operator':
      return <OperatorPage minutes={place.minutes} />
  }
}
