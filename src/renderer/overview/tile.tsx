import { useEffect, useRef } from 'react'
import type { NodeView, TakeView } from '#contract/state.ts'
import { NO_FIGURE } from '#meters/draw/format.ts'
import { usePalette } from '#meters/draw/theme.ts'
import type { StreamShape } from '#meters/meter.ts'
import { soundLevelMeter } from '#meters/sound-level/meter.ts'
import { calibrationWords } from '#renderer/export/words.ts'
import { formatDuration } from '#renderer/format.ts'
import { useFeed, usePresenceWord, useWorkstation } from '#renderer/hooks.ts'
import { PresenceIcon } from '#renderer/parts/icons.tsx'
import { drawTile } from './draw.ts'
import { calibrationWord, lossWord } from './words.ts'

export interface TileProps {
  readonly node: NodeView
  /** What it is being recorded in. */
  readonly take: TakeView | undefined
  readonly selected: boolean
  readonly onOpen: (key: number) => void
}

/** Stands for the format of a node that was never heard. */
const NO_SHAPE: StreamShape = { rate: 48_000, channels: 1 }

export function Tile({ node, take, selected, onOpen }: TileProps) {
  const { key, name, presence, fault } = node
  const word = usePresenceWord(presence)
  const loss = lossWord(node)
  const calibration = calibrationWord(node)
  return (
    <div
      id={`node-${key}`}
      className={selected ? 'tile tile-selected' : 'tile'}
      role="option"
      aria-selected={selected}
      data-presence={presence}
      onClick={() => onOpen(key)}
    >
      <div className="tile-name">
        <PresenceIcon presence={presence} />
        <strong className="clip">{name}</strong>
      </div>
      <div className="tile-state clip" title={fault?.message}>
        <span className={`presence-word presence-${presence}`} data-testid="node-state">
          {word}
        </span>
      </div>
      <div className="tile-rec">
        {take && (
          <span className="rec" title="Recording">
            <span className="rec-dot" /> REC <span className="figure">{formatDuration(take.seconds)}</span>
          </span>
        )}
      </div>
      <TileMeter key={shapeKey(node)} node={node} />
      <span className={`tile-loss clip tone-${loss.tone}`} data-testid="tile-loss">
        {loss.text}
      </span>
      <span className={`tile-calibration clip tone-${calibration.tone}`} title={calibrationWords(node.calibration)}>
        {calibration.text}
      </span>
    </div>
  )
}

function shapeKey({ format }: NodeView): string {
  return format ? `${format.rate} ${format.channels}` : ''
}

/** Drawn by the app's loop. */
function TileMeter({ node }: { readonly node: NodeView }) {
  const feed = useFeed(node, soundLevelMeter.id, node.format ?? NO_SHAPE)
  const { frames } = useWorkstation()
  const palette = usePalette()
  const box = useRef<HTMLDivElement>(null)
  const { key } = node
  useEffect(() => {
    const drawing = drawTile(box.current!, feed, palette, () => frames.track(key))
    return () => void drawing.dispose()
  }, [feed, palette, frames, key])
  const pressure = feed.splOffset !== undefined
  return (
    <div className="tile-meter" ref={box} aria-hidden="true">
      <div className="tile-figure">
        <span className="figure" data-part="figure" data-testid="tile-figure">
          {NO_FIGURE}
        </span>
        <span className="unit">{pressure ? `dB LAeq 1 s${feed.splEstimate ? ', est.' : ''}` : 'LUFS short-term'}</span>
      </div>
      <div className="tile-bar">
        <div className="tile-fill" data-part="bar" />
        <div className="tile-shift" data-part="peak">
          <div className="tile-peak" />
        </div>
      </div>
      <canvas className="tile-line" data-part="line" />
    </div>
  )
}
