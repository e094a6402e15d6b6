import type { Model } from '../../api.chat.shapes.ts'
import { chatUrl } from '../../card.ts'
import { texts } from '../../texts.chat.ts'
import styles from './ModelPicker.module.css'

/** Models as cards, of which one is chosen. `label` names the choice. */
export function ModelPicker(given: { label: string; models: readonly Model[]; chosen: string; choose: (name: string) => void }) {
  const { label, models, chosen, choose } = given
  return (
    <fieldset className={styles.picker}>
      <legend>{label}</legend>
      <div className={styles.cards}>
        {models.map((model) => (
          <Card key={model.name} group={label} model={model} isChosen={model.name === chosen} choose={() => choose(model.name)} />
        ))}
      </div>
    </fieldset>
  )
}

function Card({ group, model, isChosen, choose }: { group: string; model: Model; isChosen: boolean; choose: () => void }) {
  const { name, description, isDemonstration, licence, card, price, status } = model
  const link = card ? chatUrl(card) : ''
  const facts = [
    ...(licence ? [licence.name] : []),
    ...(price ? [`${price.input} / ${price.output} ${price.unit}`] : []),
    ...(status === 'up' ? [] : [texts.chat.status[status]]),
  ]
  return (
    <div className={`${styles.card} ${isChosen ? styles.chosen : ''} ${status === 'down' ? styles.down : ''}`}>
      <label>
        <input type="radio" name={group} checked={isChosen} disabled={status === 'down'} onChange={choose} />
        <strong>
          <bdi>{name}</bdi>
        </strong>
        {isDemonstration && (
          <span className={styles.badge} title={texts.chat.demonstrationHint}>
            {texts.chat.demonstration}
          </span>
        )}
      </label>
      {description && <p>{description}</p>}
      {(facts.length > 0 || link) && (
        <p className={styles.facts}>
          {facts.join(' · ')}
          {link && facts.length > 0 && ' · '}
          {link && (
            <a href={link} rel="noopener noreferrer" target="_blank">
              {texts.chat.card}
              <span className="hidden"> of {name}</span>
            </a>
          )}
        </p>
      )}
    </div>
  )
}
