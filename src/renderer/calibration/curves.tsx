/** Response, correction and residual of a node's microphone: asked for once for each filter put in use. */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import type { CalibrationCurves } from '#contract/calibration.ts'
import type { NodeView } from '#contract/state.ts'
import { Plot } from '#meters/draw/plot.tsx'
import { useWorkstation } from '#renderer/hooks.ts'
import { CurvesDrawing } from './drawing.ts'

/** Of the filter in use; undefined while there is none, or it is not known yet. */
export function useCurves({ key, calibration }: NodeView): CalibrationCurves | undefined {
  const workstation = useWorkstation()
  const { state, filter, file, residualDb } = calibration
  // A workstation that was started again counts from one.
  const wanted = state === 'applied' ? `${key} ${filter} ${file} ${residualDb}` : undefined
  const [had, setHad] = useState<{ readonly of: string; readonly curves: CalibrationCurves }>()
  useEffect(() => {
    if (wanted === undefined) return undefined
    let waits = true
    void workstation.call('calibration.curves', { node: key }).then((answer) => {
      if (waits && answer.ok) setHad({ of: wanted, curves: answer.value })
    })
    return () => void (waits = false)
  }, [workstation, key, wanted])
  return had?.of === wanted ? had?.curves : undefined
}

const COARSE = 12
/** What stands at the cursor, and whether a line of the picture is it. */
const PARTS = [
  ['hz', 'At', false],
  ['response', 'Microphone', true],
  ['correction', 'Correction', true],
  ['residual', 'Remains', true],
] as const

export function CurvesPlot({ curves }: { readonly curves: CalibrationCurves }) {
  const drawing = useMemo(() => new CurvesDrawing(curves), [curves])
  const readout = useRef<HTMLDListElement>(null)
  useEffect(() => drawing.write(readout.current!), [drawing])
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    drawing.step(event.shiftKey ? step * COARSE : step)
  }
  return (
    <div className="curves">
      <dl className="curves-readout" ref={readout} aria-live="off">
        {PARTS.map(([part, title, hasLine]) => (
          <div key={part}>
            <dt>
              {hasLine && <span className={`key curves-${part}`} />} {title}
            </dt>
            <dd className="figure" data-part={part} data-testid={`curves-${part}`} />
          </div>
        ))}
      </dl>
      <div
        className="curves-frame"
        role="group"
        tabIndex={0}
        aria-label="Response of the microphone, its correction and what remains. Left and Right point at a frequency, with Shift further."
        data-testid="curves-frame"
        onPointerMove={(event) => drawing.point(event.clientX)}
        onPointerLeave={() => drawing.point(undefined)}
        onKeyDown={press}
      >
        <Plot
          label="Microphone, correction and what remains in dB, by frequency from 16 Hz to 25 kHz"
          source={drawing}
          options={drawing.options}
          columns={drawing.columns}
        />
      </div>
    </div>
  )
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: -Infinity,
  End: Infinity,
}
