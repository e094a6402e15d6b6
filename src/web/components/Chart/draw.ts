import { barX, dot, lineY, plot, ruleX, ruleY } from '@observablehq/plot'

/** What a chart can be. */
export type ChartKind = 'bar' | 'line' | 'dot'

/** One row of a result as a chart draws it. */
export interface ChartPoint {
  x: number | Date | string | null
  y: number | Date | string | null
  colour: string
}

/** Draws points with Observable Plot: bars lie, so that their names can be read, in the order of the rows. */
export function drawChart(given: {
  points: readonly ChartPoint[]
  kind: ChartKind
  x: string
  y: string
  colour: string
  width: number
}): Element {
  const { points, kind, x, y, colour, width } = given
  const drawn = points.filter((point) => point.x !== null && point.y !== null)
  const has = colour !== ''
  const fill = has ? 'colour' : 'var(--bar)'
  const names = [...new Set(drawn.map((point) => String(point.x)))]
  const longest = Math.min(200, Math.max(40, ...names.map((name) => name.length * 7)))
  const common = {
    width,
    style: { background: 'transparent', color: 'var(--text)', fontSize: '13px', overflow: 'visible' },
    ...(has ? { color: { legend: true, label: colour } } : {}),
  }
  if (kind === 'bar')
    return plot({
      ...common,
      marginLeft: Math.min(longest + 15, width / 2),
      height: Math.max(160, names.length * 24 + 60),
      x: { label: y, grid: true },
      y: { label: null, domain: names },
      marks: [barX(drawn, { x: 'y', y: (point: ChartPoint) => String(point.x), fill, tip: true }), ruleX([0])],
    })
  const marks =
    kind === 'line'
      ? [lineY(drawn, { x: 'x', y: 'y', stroke: has ? 'colour' : 'var(--accent)', strokeWidth: 2, tip: true })]
      : [dot(drawn, { x: 'x', y: 'y', stroke: has ? 'colour' : 'var(--accent)', tip: true })]
  return plot({
    ...common,
    height: 380,
    marginLeft: 60,
    marginBottom: 45,
    x: { label: x },
    y: { label: y, grid: true },
    marks: [...marks, ruleY([0])],
  })
}
