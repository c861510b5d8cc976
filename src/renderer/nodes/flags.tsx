/** What is to be known of every figure of a node: beside its name, so that it holds for all its meters. */
import { useEffect, useRef } from 'react'
import type { NodeView } from '#contract/state.ts'
import { slotAt, type StreamShape } from '#meters/meter.ts'
import { soundLevelMeter } from '#meters/sound-level/meter.ts'
import { useFeed } from '#renderer/hooks.ts'
import { Provenance } from '#renderer/calibration/provenance.tsx'

export function NodeFlags({ node, format }: { readonly node: NodeView; readonly format: StreamShape }) {
  const box = useRef<HTMLSpanElement>(null)
  const feed = useFeed(node, soundLevelMeter.id, format)
  useEffect(() => {
    const element = box.current!
    const layout = soundLevelMeter.layout(feed.shape)
    // Found once: an element that has left the page may be drawn one last time.
    const flags = [
      { slot: slotAt(layout, 'overloaded'), is: (value: number) => value > 0, name: 'overloaded' },
      { slot: slotAt(layout, 'coverage'), is: (share: number) => share < 1, name: 'gapped' },
    ].map(({ name, ...flag }) => ({ ...flag, badge: element.querySelector<HTMLElement>(`[data-flag="${name}"]`)! }))
    const drawing = feed.onDraw(element, () => {
      const reading = feed.reading()
      for (const { slot, is, badge } of flags)
        badge.hidden = !reading?.subarray(slot.at, slot.at + slot.length).some(is)
    })
    return () => void drawing.dispose()
  }, [feed])
  const { state, spl } = node.calibration
  return (
    <span className="flags" ref={box}>
      <Provenance node={node} className="flags flags-how">
        {state !== 'applied' && <span className="badge badge-plain">Not corrected</span>}
        {!spl && <span className="badge badge-plain">dBFS only</span>}
        {spl && <span className="badge badge-plain">{spl.estimate ? 'SPL estimated' : 'dB SPL'}</span>}
      </Provenance>
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
