import { useEffect, useState } from 'react'
import type { Consent, Model, Parameters } from '../../api.chat.shapes.ts'
import { chatApi } from '../../api.chat.ts'
import { type ApiError, errorOf } from '../../api.ts'
import { useKeep } from '../../chat/keep.ts'
import { chooseModel } from '../../chat/parameters.ts'
import type { Session } from '../../chat/session.ts'
import { drafts, handOver, useSession, useSessionState } from '../../chat/use-session.ts'
import { Composer } from '../../components/Composer/Composer.tsx'
import { WithConsent } from '../../components/Consent/Consent.tsx'
import { KeepChoice, KeepMark } from '../../components/Keep/Keep.tsx'
import { ModelPicker } from '../../components/ModelPicker/ModelPicker.tsx'
import { ParametersForm } from '../../components/Parameters/Parameters.tsx'
import { ProblemNote } from '../../components/Problem/Problem.tsx'
import { Share } from '../../components/Share/Share.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { useLoad } from '../../load.ts'
import { navigate } from '../../navigate.tsx'
import { chatHref } from '../../route.chat.ts'
import { texts } from '../../texts.chat.ts'
import styles from './Chat.module.css'
import { Frame } from './Frame.tsx'
import { Turns } from './Turns.tsx'

/** The chat page: a new chat, or the one that the address names. */
export default function ChatPage({ conversation }: { conversation: string }) {
  return (
    <WithConsent>
      {(consent, ask) => (
        <Frame current={conversation} home={chatHref()} newLabel={texts.chat.new}>
          {conversation === '' ? <NewChat consent={consent} ask={ask} /> : <OldChat key={conversation} id={conversation} ask={ask} />}
        </Frame>
      )}
    </WithConsent>
  )
}

function NewChat({ consent, ask }: { consent: Consent; ask: () => void }) {
  const models = useLoad('models', chatApi.models)
  const [wanted, setWanted] = useState('')
  const [changed, setChanged] = useState<Parameters>()
  const [keep, setKeep] = useKeep(consent)
  const [error, setError] = useState<ApiError>()
  const [isBusy, setBusy] = useState(false)
  if (models.state === 'loading') return <Loading />
  if (models.state === 'error') return <Failed error={models.error} retry={models.retry} />
  const model = chooseModel(models.value, wanted)
  if (!model) return <Empty title={texts.chat.noModels} />
  const parameters = changed ?? model.defaults
  const begin = async (prompt: string) => {
    setBusy(true)
    try {
      const conversation = await chatApi.start({ model: model.name, keep, parameters })
      handOver(conversation, prompt, parameters)
      navigate(chatHref(conversation.id))
    } catch (reason) {
      drafts.write('new', prompt)
      setError(errorOf(reason))
      setBusy(false)
    }
  }
  return (
    <div className={styles.new}>
      <h1>{texts.chat.title}</h1>
      <ModelPicker
        label={texts.chat.model}
        models={models.value}
        chosen={model.name}
        choose={(name) => {
          setWanted(name)
          setChanged(undefined)
        }}
      />
      <ParametersForm model={model} parameters={parameters} change={setChanged} />
      {error && <ProblemNote problem={{ error }} dismiss={() => setError(undefined)} ask={ask} />}
      <Composer
        place="new"
        drafts={drafts}
        restored={error}
        isDisabled={isBusy}
        isRunning={false}
        send={(prompt) => void begin(prompt)}
        stop={() => undefined}
      />
      <KeepChoice consent={consent} keep={keep} change={setKeep} ask={ask} />
    </div>
  )
}

function OldChat({ id, ask }: { id: string; ask: () => void }) {
  const session = useSession(id)
  const models = useLoad('models', chatApi.models)
  if (session.state === 'loading') return <Loading />
  if (session.state === 'error') return <Failed error={session.error} retry={session.retry} />
  return <OpenChat session={session.value} models={models.state === 'ready' ? models.value : []} ask={ask} />
}

function OpenChat({ session, models, ask }: { session: Session; models: readonly Model[]; ask: () => void }) {
  const state = useSessionState(session)
  const { conversation, running, sending, problem } = state
  const [parameters, setParameters] = useState(conversation.parameters)
  const model = models.find(({ name }) => name === conversation.models[0])
  const isRunning = running !== undefined || sending !== undefined
  useEscape(isRunning ? () => void session.stop() : undefined)
  return (
    <div className={styles.chat}>
      <header className={styles.head}>
        <h1>
          <bdi>{conversation.models[0]}</bdi>
        </h1>
        {model?.isDemonstration && (
          <span className={styles.badge} title={texts.chat.demonstrationHint}>
            {texts.chat.demonstration}
          </span>
        )}
        <KeepMark keep={conversation.keep} />
        <span className={styles.grow} />
        {conversation.keep && conversation.turns.length > 0 && <Share conversation={conversation} session={session} />}
      </header>
      <Turns state={state} session={session} names={conversation.models} parameters={parameters} mayJudge mayRegenerate />
      <div className={styles.foot}>
        {problem && <ProblemNote problem={problem} dismiss={session.dismiss} ask={ask} />}
        <Composer
          place={conversation.id}
          drafts={drafts}
          restored={problem}
          isDisabled={sending !== undefined}
          isRunning={running !== undefined}
          send={(prompt) => void session.send(prompt, conversation.head, parameters)}
          stop={() => void session.stop()}
        />
        <ParametersForm model={model} parameters={parameters} change={setParameters} />
      </div>
    </div>
  )
}

/** Escape runs something while there is something to run. */
export function useEscape(run: (() => void) | undefined): void {
  useEffect(() => {
    if (!run) return
    const onKeyDown = ({ key, defaultPrevented }: KeyboardEvent) => {
      if (key === 'Escape' && !defaultPrevented) run()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [run])
}
