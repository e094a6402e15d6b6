import { useEffect, useRef, useState } from 'react'
import styles from './Chart.module.css'
import { type ChartKind, type ChartPoint, drawChart } from './draw.ts'

/** A chart of some points, drawn again when they or its width change. */
export default function Chart(given: {
  points: readonly ChartPoint[]
  kind: ChartKind
  x: string
  y: string
  colour: string
  label: string
}) {
  const { points, kind, x, y, colour, label } = given
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    const element = box.current
    if (!element || width === 0) return
    const chart = drawChart({ points, kind, x, y, colour, width })
    element.replaceChildren(chart)
    return () => chart.remove()
  }, [points, kind, x, y, colour, width])
  return <div className={styles.chart} ref={box} role="img" aria-label={label} />
}
