import { useEffect, useRef } from 'react'
import { FigurePace, showFigure } from '#meters/draw/figure.ts'
import { formatSigned, NO_FIGURE } from '#meters/draw/format.ts'
import { useLook, type Looks } from '#meters/draw/remembered.ts'
import type { Table } from '#meters/draw/table.ts'
import { usePalette } from '#meters/draw/theme.ts'
import type { Feed, Held, MeterView, MeterViewProps } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { correlationMeter } from './meter.ts'
import { Scope, ZOOMS } from './scope.ts'
import './view.css'

const LOOKS = {
  zoom: {
    title: 'Zoom of the vectorscope',
    values: ZOOMS,
    initial: ZOOMS[0],
    say: (zoom) => (zoom === 'auto' ? 'Zoom auto' : String(zoom)),
  },
} as const satisfies Looks

/** Below it two channels cancel; channels that have nothing to do with each other waver around 0. */
const OPPOSITE = -0.1
/** Ends of the balance, dB. */
const WIDEST_DB = 12

export const correlationView: MeterView = {
  id: 'correlation',
  title: 'Correlation',
  looks: LOOKS,
  Component: (props) => (props.feed.shape.channels > 1 ? <PairView {...props} /> : <OneChannel />),
  table,
}

function OneChannel() {
  return <p className="muted">This node sends one channel; correlation is between two.</p>
}

function PairView({ feed }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const picture = useRef<HTMLDivElement>(null)
  const palette = usePalette()
  const { zoom } = useLook('correlation', LOOKS)
  useEffect(() => {
    const scope = new Scope(picture.current!, feed, palette, zoom)
    const figures = drawFigures(box.current!, feed, scope)
    return () => {
      scope.dispose()
      void figures.dispose()
    }
  }, [feed, palette, zoom])
  return (
    <div className="pair" ref={box}>
      <div className="pair-scope" ref={picture} role="img" aria-label="Vectorscope: mid up, side across">
        <canvas />
        <canvas />
        <p className="pair-zoom">
          Zoom{' '}
          <span className="figure" data-figure="zoom" data-testid="correlation-zoom">
            {NO_FIGURE}
          </span>{' '}
          dB
        </p>
      </div>
      <div className="pair-figures">
        <p className="pair-big">
          <Figure name="fast" /> <span className="unit">300 ms</span>
        </p>
        <Bar name="correlation" ends={['−1', '0', '+1']} marks={['lowest', 'slow', 'fast']} />
        <dl className="pair-more">
          <div>
            <dt>
              <span className="key pair-key-slow" /> Over 3 s
            </dt>
            <dd>
              <Figure name="slow" />
            </dd>
          </div>
          <div>
            <dt>
              <span className="key pair-key-lowest" /> Lowest
            </dt>
            <dd>
              <button
                type="button"
                className="pair-clear"
                title="Clear"
                data-clear=""
                onClick={() => feed.held('correlation', 'lowest').clear(0)}
              >
                <Figure name="lowest" />
                <span className="unseen">, clear the lowest correlation</span>
              </button>
            </dd>
          </div>
          <div className="pair-balance">
            <dt>
              Balance (R − L) <span className="unit">dB</span>
            </dt>
            <dd>
              <Figure name="balance" />
            </dd>
          </div>
        </dl>
        <Bar name="balance" ends={['L', '0', 'R']} marks={['balance']} />
      </div>
    </div>
  )
}

function Figure({ name }: { readonly name: string }) {
  return (
    <span className="figure" data-figure={name} data-testid={`correlation-${name}`}>
      {NO_FIGURE}
    </span>
  )
}

interface BarProps {
  readonly name: string
  /** At its left end, its middle and its right end. */
  readonly ends: readonly [string, string, string]
  readonly marks: readonly string[]
}

function Bar({ name, ends, marks }: BarProps) {
  return (
    <div className={`pair-bar pair-bar-${name}`} aria-hidden="true">
      <div className="pair-track">
        {marks.map((mark) => (
          <span key={mark} className="pair-shift" data-mark={mark} hidden>
            <span className={`pair-mark pair-mark-${mark}`} />
          </span>
        ))}
      </div>
      <div className="pair-ends">
        {ends.map((end) => (
          <span key={end}>{end}</span>
        ))}
      </div>
    </div>
  )
}

interface Values {
  readonly fast: number | undefined
  readonly slow: number | undefined
  readonly lowest: number | undefined
  readonly left: number | undefined
  readonly right: number | undefined
  readonly balance: number | undefined
}

function valuesOf(feed: Feed, lowest: Held): Values {
  const layout = correlationMeter.layout(feed.shape)
  const reading = feed.live ? feed.reading() : undefined
  const value = (name: string): number | undefined => finite(reading?.[slotAt(layout, name).at])
  const [left, right] = [value('leftRms'), value('rightRms')]
  return {
    fast: value('correlation'),
    slow: value('slow'),
    lowest: finite(lowest.values[0]),
    left,
    right,
    balance: left === undefined || right === undefined ? undefined : right - left,
  }
}

function drawFigures(box: HTMLElement, feed: Feed, scope: Scope) {
  const find = (name: string): HTMLElement => box.querySelector<HTMLElement>(`[data-figure="${name}"]`)!
  const mark = (name: string): HTMLElement => box.querySelector<HTMLElement>(`[data-mark="${name}"]`)!
  const held = feed.held('correlation', 'lowest')
  const correlations = (['fast', 'slow', 'lowest'] as const).map((name) => ({
    name,
    figure: find(name),
    mark: mark(name),
  }))
  const [balance, zoom, balanceMark] = [find('balance'), find('zoom'), mark('balance')]
  const big = find('fast')
  const pace = new FigurePace()
  return feed.onDraw(box, (now) => {
    if (feed.live && !pace.due(now)) return
    const values = valuesOf(feed, held)
    for (const { name, figure, mark: place } of correlations) {
      const value = values[name]
      showFigure(figure, value, formatCorrelation)
      move(place, value)
    }
    big.classList.toggle('pair-opposite', (values.fast ?? 0) < OPPOSITE)
    showFigure(balance, values.balance, formatSigned)
    move(balanceMark, values.balance === undefined ? undefined : clamp(values.balance / WIDEST_DB))
    showFigure(zoom, scope.zoom, (value) => formatSigned(value, 0))
  })
}

/** `share` of the way from the middle of the bar to its right end, -1 to 1. */
function move(mark: HTMLElement, share: number | undefined): void {
  mark.hidden = share === undefined
  if (share !== undefined) mark.style.transform = `translateX(${(share + 1) * 50}%)`
}

function clamp(share: number): number {
  return Math.max(-1, Math.min(1, share))
}

/** Silence has no correlation. */
function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

function formatCorrelation(value: number | undefined): string {
  return formatSigned(value, 2)
}

function table(feed: Feed): Table | undefined {
  const reading = feed.reading()
  if (!reading) return undefined
  const layout = correlationMeter.layout(feed.shape)
  const channel = (name: string): number => reading[slotAt(layout, name).at]! + 1
  const values = valuesOf(feed, feed.held('correlation', 'lowest'))
  return {
    columns: [
      { title: 'Left channel' },
      { title: 'Right channel' },
      { title: 'Correlation, 300 ms' },
      { title: 'Correlation, 3 s' },
      { title: 'Lowest correlation, 300 ms' },
      { title: 'Left RMS', unit: 'dBFS' },
      { title: 'Right RMS', unit: 'dBFS' },
      { title: 'Balance, right less left', unit: 'dB' },
    ],
    rows: [
      [
        channel('left'),
        channel('right'),
        values.fast,
        values.slow,
        values.lowest,
        values.left,
        values.right,
        values.balance,
      ],
    ],
  }
}
