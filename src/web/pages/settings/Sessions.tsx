import { useAct } from '../../act.ts'
import { deskApi } from '../../api.desk.ts'
import { Confirm } from '../../components/Confirm/Confirm.tsx'
import { Outcome } from '../../components/Form/Form.tsx'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Failed, Loading } from '../../components/State/State.tsx'
import { formatTime } from '../../format.ts'
import { useReload } from '../../reload.ts'
import { texts } from '../../texts.desk.ts'

/** Where a person is signed in, with a way to end each session but this one. */
export function Sessions() {
  const act = useAct()
  const [found, reload] = useReload('own sessions', deskApi.sessions)
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  const { heads } = texts.settings
  const end = (id: string) =>
    act.run(async () => {
      await deskApi.endSession(id)
      reload()
      return texts.settings.sessionEnded
    })
  return (
    <>
      <Outcome act={act} />
      <Sheet label={texts.settings.tabs.sessions} heads={[heads.begun, heads.renewed, heads.ends, heads.change]}>
        {found.value.map((session) => (
          <tr key={session.id}>
            <td>
              {formatTime(session.createdAt)}
              {session.userAgent && (
                <div className="quiet">
                  <bdi>{session.userAgent.slice(0, 120)}</bdi>
                </div>
              )}
            </td>
            <td>{formatTime(session.renewedAt)}</td>
            <td>{formatTime(session.expiresAt)}</td>
            <td>
              {session.isCurrent ? (
                texts.settings.thisSession
              ) : (
                <Confirm action={texts.settings.endSession} of={formatTime(session.createdAt)} act={() => void end(session.id)} />
              )}
            </td>
          </tr>
        ))}
      </Sheet>
    </>
  )
}
