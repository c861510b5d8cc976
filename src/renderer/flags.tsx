/** What is to be known of every figure of a node: beside its name, so that it holds for all its meters. */
import { useEffect, useRef } from 'react'
import type { NodeView } from '#contract/state.ts'
import { slotAt, type StreamShape } from '#meters/meter.ts'
import { soundLevelMeter } from '#meters/sound-level/meter.ts'
import { useFeed } from './hooks.ts'

export function NodeFlags({ node, format }: { readonly node: NodeView; readonly format: StreamShape }) {
  const box = useRef<HTMLSpanElement>(null)
  const feed = useFeed(node, soundLevelMeter.id, format)
  useEffect(() => {
    const layout = soundLevelMeter.layout(feed.shape)
    const [overloaded, coverage] = [slotAt(layout, 'overloaded'), slotAt(layout, 'coverage')]
    const show = (name: string, on: boolean): void => {
      box.current!.querySelector<HTMLElement>(`[data-flag="${name}"]`)!.hidden = !on
    }
    const drawing = feed.onDraw(box.current!, () => {
      const reading = feed.reading()
      const any = ({ at, length }: typeof overloaded, is: (value: number) => boolean): boolean =>
        reading?.subarray(at, at + length).some(is) ?? false
      show(
        'overloaded',
        any(overloaded, (value) => value > 0),
      )
      show(
        'gapped',
        any(coverage, (share) => share < 1),
      )
    })
    return () => void drawing.dispose()
  }, [feed])
  const { state, spl } = node.calibration
  return (
    <span className="flags" ref={box}>
      {state !== 'applied' && (
        <span className="badge badge-plain" title="The microphone's response is not corrected">
          Not corrected
        </span>
      )}
      {!spl && (
        <span className="badge badge-plain" title="Levels are those of the digital signal, not of the sound">
          dBFS only
        </span>
      )}
      {spl?.estimate && (
        <span className="badge badge-plain" title="No calibrator has checked the sound pressure levels">
          SPL estimated
        </span>
      )}
      <span
        className="badge badge-bad"
        data-flag="overloaded"
        title="The converter was at full scale since reset"
        hidden
      >
        Overloaded
      </span>
      <span className="badge badge-warn" data-flag="gapped" title="Not all of the time since reset was heard" hidden>
        Gapped
      </span>
    </span>
  )
}
