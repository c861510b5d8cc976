/** How do we know: what stands behind the levels of a node, where a unit or a flag says that they are sound pressure or are not. */
import { useCallback, type ReactNode } from 'react'
import { Popover } from '@base-ui/react/popover'
import type { CalibrationView, NodeView } from '#contract/state.ts'
import { UnitContext } from '#meters/draw/unit.tsx'
import { formatSum, levelUnitOf, provenanceOf, VOLUME_HELP } from './words.ts'

export interface ProvenanceProps {
  readonly node: NodeView
  /** Of the button: without it, it looks like the unit that it is. */
  readonly className?: string
  /** A unit, or flags. */
  readonly children: ReactNode
}

export function Provenance({ node, className = 'unit unit-how', children }: ProvenanceProps) {
  return (
    <Popover.Root>
      <Popover.Trigger className={className} title="How do we know?">
        {children}
        <span className="unseen">, how do we know?</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="menu-place" side="bottom" align="start" sideOffset={4}>
          <Popover.Popup
            className="menu provenance"
            aria-label={`How the levels of ${node.name} are known`}
            data-modal=""
            data-testid="provenance"
          >
            <Known calibration={node.calibration} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** Units of levels in the views below can be asked where they are from. */
export function AccountableUnits({ node, children }: { readonly node: NodeView; readonly children: ReactNode }) {
  const tell = useCallback((unit: string) => <Provenance node={node}>{unit}</Provenance>, [node])
  return <UnitContext value={tell}>{children}</UnitContext>
}

function Known({ calibration }: { readonly calibration: CalibrationView }) {
  const { state, file, serial, origin, residualDb, spl, sensFactorDb } = calibration
  return (
    <>
      <dl className="facts">
        <dt>Levels</dt>
        <dd>
          {spl ? `${levelUnitOf(spl)} = ${formatSum(spl.offsetDb)}` : 'dBFS: of the digital signal, not of the sound'}
        </dd>
        <dt>By</dt>
        <dd>
          {spl
            ? provenanceOf(spl)
            : 'No sensitivity is known. Check with a calibrator, or load the file of the microphone.'}
        </dd>
        {spl?.calibrator && (
          <>
            <dt>Read</dt>
            <dd>{spl.calibrator.readDb.toFixed(2).replace('-', '−')} dBFS</dd>
          </>
        )}
        {spl?.estimate && sensFactorDb !== undefined && (
          <>
            <dt>Sens Factor</dt>
            <dd>{sensFactorDb.toFixed(3).replace('-', '−')} dB, of the file</dd>
          </>
        )}
        <dt>Microphone</dt>
        <dd>{serial === undefined ? 'Its serial number is not known' : `Serial ${serial}`}</dd>
        <dt>Response</dt>
        <dd>
          {state === 'applied'
            ? `Corrected by ${file ?? 'a file'} from ${origin === 'node' ? 'the node' : 'this workstation'}; ${residualDb?.toFixed(2)} dB remain at most`
            : state === 'refused'
              ? `Not corrected: ${file ?? 'the file'} was refused`
              : 'Not corrected'}
        </dd>
      </dl>
      {spl?.estimate && <p className="help">Nobody has measured it: only a calibrator tells.</p>}
      {spl && <p className="help">{VOLUME_HELP}</p>}
    </>
  )
}
