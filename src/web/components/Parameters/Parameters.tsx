import type { Model, Parameters } from '../../api.chat.shapes.ts'
import { boundsOf, readBounded } from '../../chat/parameters.ts'
import { texts } from '../../texts.chat.ts'
import styles from './Parameters.module.css'

/** How answers are drawn, folded away until asked for. */
export function ParametersForm(given: { model: Model | undefined; parameters: Parameters; change: (parameters: Parameters) => void }) {
  const { model, parameters, change } = given
  const bounds = boundsOf(model)
  const { chat } = texts
  const fields = [
    ['temperature', chat.temperature, chat.temperatureHint],
    ['topP', chat.topP, chat.topPHint],
    ['maxTokens', chat.maxTokens, ''],
  ] as const
  return (
    <details className={styles.parameters}>
      <summary>
        {chat.parameters}
        <span className="quiet">
          {' '}
          {parameters.temperature} · {parameters.topP} · {parameters.maxTokens}
        </span>
      </summary>
      <div className={styles.fields}>
        {fields.map(([name, label, hint]) => (
          <label key={name}>
            <span>{label}</span>
            <input
              type="number"
              min={bounds[name].low}
              max={bounds[name].high}
              step={bounds[name].step}
              value={parameters[name]}
              onChange={({ target }) => change({ ...parameters, [name]: readBounded(target.value, parameters[name], bounds[name]) })}
            />
            {hint && <small className="quiet">{hint}</small>}
          </label>
        ))}
      </div>
    </details>
  )
}
