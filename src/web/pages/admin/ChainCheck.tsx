import { useAct } from '../../act.ts'
import { deskApi } from '../../api.desk.ts'
import { Outcome } from '../../components/Form/Form.tsx'
import { formatCount } from '../../format.ts'
import { texts } from '../../texts.desk.ts'
import styles from '../desk/Desk.module.css'

/** A button that recomputes the ledger's whole chain and says what came of it. */
export function ChainCheck() {
  const act = useAct()
  const check = () =>
    act.run(async () => {
      const { entries, brokenAt } = await deskApi.checkLedger()
      return brokenAt === undefined ? texts.ledger.whole(formatCount(entries)) : texts.ledger.broken(brokenAt)
    })
  return (
    <p className={styles.row}>
      <button type="button" disabled={act.isBusy} onClick={() => void check()}>
        {act.isBusy ? texts.working : texts.ledger.check}
      </button>
      <Outcome act={act} />
    </p>
  )
}
