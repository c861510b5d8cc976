/** Hours of a node's levels: zoom, move, point, keep as a table. */
import { use, useEffect, useMemo, useRef, useState } from 'react'
import { HISTORY_FIGURES } from '#contract/history.ts'
import type { NodeView, TakeView } from '#contract/state.ts'
import { Pick } from '#meters/draw/pick.tsx'
import { Plot } from '#meters/draw/plot.tsx'
import { useRemembered } from '#meters/draw/remembered.ts'
import { useRun, useSnapshot, useSource, useWorkstation } from '#renderer/hooks.ts'
import { Panel } from '#renderer/panel.tsx'
import { BesideContext } from '#renderer/panels/place-context.ts'
import { Provenance } from '#renderer/calibration/provenance.tsx'
import { Drawing } from './drawing.ts'
import { saveHistory } from './export.ts'
import { handle, KEY_PAN, KEY_ZOOM } from './hands.ts'
import { FIGURE_SETS } from './page.ts'
import type { Mark } from './plot.ts'
import { titleOf } from './readout.ts'

const SET_IDS = FIGURE_SETS.map(({ id }) => id)
const titleOfSet = (id: string): string => FIGURE_SETS.find((set) => set.id === id)!.title
/** A survey of noise has no use for LUFS. */
const initialSet = (beside: readonly string[]): (typeof SET_IDS)[number] =>
  beside.includes('sound-level') && !beside.includes('loudness') ? 'sound-level' : 'loudness'
const NO_TAKES: readonly TakeView[] = []

export function LevelHistoryPanel({ node }: { readonly node: NodeView }) {
  const [setId, pickSet] = useRemembered('history', SET_IDS, initialSet(use(BesideContext)))
  const [channel, pickChannel] = useState(0)
  const [live, setLive] = useState(true)
  const [saving, setSaving] = useState(false)
  const run = useRun()
  const workstation = useWorkstation()
  const set = FIGURE_SETS.find(({ id }) => id === setId)!
  const { spl } = node.calibration
  const pressure = HISTORY_FIGURES.find(({ id }) => id === set.main)!.pressure
  const offset = pressure && spl ? spl.offsetDb : 0
  const unit =
    !pressure || !spl
      ? HISTORY_FIGURES.find(({ id }) => id === set.main)!.unit
      : spl.estimate
        ? 'dB SPL est.'
        : 'dB SPL'
  const channels = node.format?.channels ?? 1
  const marks = useMarks(node.key)
  const drawing = useDrawing(node.key, setLive)
  const { model } = drawing
  const figures = useRef<HTMLParagraphElement>(null)
  const stretch = useRef<HTMLParagraphElement>(null)
  const frame = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const places = { frame: frame.current!, readout: figures.current!, stretch: stretch.current! }
    drawing.show({ set, channel: Math.min(channel, channels - 1), offset, marks }, places)
  }, [drawing, set, channel, channels, offset, marks])
  useEffect(() => {
    const hands = handle(frame.current!, model, () => drawing.plot)
    const sized = new ResizeObserver(() => model.resize(frame.current?.clientWidth ?? 0))
    sized.observe(frame.current!)
    return () => {
      void hands.dispose()
      sized.disconnect()
    }
  }, [drawing, model])

  const save = async (): Promise<void> => {
    setSaving(true)
    await saveHistory(model, node, run, workstation.snapshot().state?.about.version ?? '')
    setSaving(false)
  }
  const aside = (
    <div className="panel-picks">
      <Pick title="Figures of the history" values={SET_IDS} value={setId} say={titleOfSet} onPick={pickSet} />
      {channels > 1 && set.id !== 'loudness' && (
        <Pick
          title="Channel of the history"
          values={Array.from({ length: channels }, (_, c) => c)}
          value={Math.min(channel, channels - 1)}
          say={(c) => `Channel ${c + 1}`}
          onPick={pickChannel}
        />
      )}
      <Tool name="Earlier" sign="←" onPress={() => model.pan(-2 * KEY_PAN)} />
      <Tool name="Later" sign="→" onPress={() => model.pan(2 * KEY_PAN)} />
      <Tool name="Zoom out" sign="−" onPress={() => model.zoom(KEY_ZOOM)} />
      <Tool name="Zoom in" sign="+" onPress={() => model.zoom(1 / KEY_ZOOM)} />
      <button
        type="button"
        className={live ? 'button button-small history-live' : 'button button-small'}
        aria-pressed={live}
        onClick={() => model.goLive()}
      >
        Live
      </button>
      <button type="button" className="button button-small" disabled={saving} onClick={() => void save()}>
        CSV
      </button>
    </div>
  )
  return (
    <Panel id="level-history" title="History" aside={aside}>
      <div className="history">
        <p className="history-readout" ref={figures} data-testid="history-readout">
          <span data-part="time">–</span>
          <span className="key key-line" /> {titleOf(set.main)} <b data-part="main">–</b>{' '}
          {pressure ? <Provenance node={node}>{unit}</Provenance> : unit}
          <span className="muted" data-part="spread" />
          <span className="history-other">
            <span className="key key-line-muted" /> {titleOf(set.other)} max <b data-part="other">–</b> {unit}
          </span>
          <span className="muted" data-part="heard" />
        </p>
        <div
          className="history-frame"
          ref={frame}
          role="group"
          tabIndex={0}
          aria-label={`History of ${node.name}. Arrow keys move, plus and minus zoom, Shift and arrow keys point, Home is live.`}
          data-testid="history-frame"
        >
          <Plot
            label={`${titleOf(set.main)} and ${titleOf(set.other)} over time`}
            source={drawing}
            options={drawing.options}
            columns={drawing.columns}
          />
        </div>
        <div className="history-foot">
          <p className="muted" ref={stretch} data-testid="history-stretch" />
          <p className="legend">
            <span className="key key-soft" /> Smallest to largest
            <span className="key key-hatch" /> Sound lost
            <span className="key key-away" /> Not listened to
          </p>
        </div>
      </div>
    </Panel>
  )
}

function Tool({ name, sign, onPress }: { readonly name: string; readonly sign: string; readonly onPress: () => void }) {
  return (
    <button type="button" className="button button-small history-tool" aria-label={name} title={name} onClick={onPress}>
      {sign}
    </button>
  )
}

/** Beginnings and markers of the node's takes. The same list while the same is in it, so that nothing is drawn anew. */
function useMarks(node: number): readonly Mark[] {
  const takes = useSnapshot().state?.takes ?? NO_TAKES
  const text = JSON.stringify(
    takes
      .filter((take) => take.node === node)
      .flatMap(({ startedAt, markers }): Mark[] => [
        { at: startedAt, label: 'Take' },
        ...markers.map(({ atSeconds, label }) => ({ at: startedAt + 1000 * atSeconds, label: label || 'Marker' })),
      ])
      .sort((a, b) => a.at - b.at),
  )
  return useMemo(() => JSON.parse(text) as readonly Mark[], [text])
}

function useDrawing(node: number, onLive: (live: boolean) => void): Drawing {
  const workstation = useWorkstation()
  const base = useSource(node)
  return useMemo(
    () =>
      new Drawing(
        base,
        (query) => workstation.call('history.query', { node, ...query }),
        () => workstation.frames.track(node)?.capturedAt ?? 0,
        onLive,
      ),
    [workstation, base, node, onLive],
  )
}
