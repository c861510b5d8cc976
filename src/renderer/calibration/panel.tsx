import { useCallback, useContext, useRef } from 'react'
import { MAX_CALIBRATION_TEXT } from '#contract/commands.ts'
import type { CalibrationView, NodeView } from '#contract/state.ts'
import { CurvesPlot, useCurves } from './curves.tsx'
import { curvesTable } from './table.ts'
import { SoundPressure } from './spl.tsx'
import { formatBytes } from '#renderer/format.ts'
import { TellerContext, useCalibrationUndo, useRun, useWorkstation } from '#renderer/hooks.ts'
import { Panel } from '#renderer/panel.tsx'
import type { Workstation } from '#renderer/workstation.ts'

/** Loads a file from this computer as the node's calibration. */
export function useCalibrationFile(node: number): (file: File) => void {
  const run = useRun()
  const workstation = useWorkstation()
  const teller = useContext(TellerContext)
  const undo = useCalibrationUndo(node)
  return useCallback(
    (file) => {
      const load = async (): Promise<void> => {
        if (file.size > MAX_CALIBRATION_TEXT)
          return teller.fault({
            code: 'bad-calibration',
            message: `${file.name} is ${formatBytes(file.size)}; a calibration file has at most 1 MB. Choose the text file that came with the microphone.`,
          })
        let text: string
        try {
          text = await file.text()
        } catch {
          return teller.fault({
            code: 'bad-calibration',
            message: `${file.name} cannot be read. If it is a folder or was removed, choose the calibration file again.`,
          })
        }
        const done = await run('calibration.load', { node, file: file.name, text })
        if (done === undefined) return
        const { state } = await outcome(workstation, node, file.name)
        if (state === 'refused') teller.loss(`${file.name} was read and is refused: nothing is corrected.`, undo)
        else teller.done(`${file.name} was read.`, undo)
      }
      void load()
    },
    [run, workstation, teller, node, undo],
  )
}

/** What became of a file that was given: known with the state that has its name. */
function outcome({ snapshot, subscribe }: Workstation, node: number, file: string): Promise<Partial<CalibrationView>> {
  const { promise, resolve } = Promise.withResolvers<Partial<CalibrationView>>()
  const look = (): void => {
    const { connection, state } = snapshot()
    const view = state?.nodes.find(({ key }) => key === node)
    // Without sound no filter is made: it is known when the node is heard.
    if (view?.presence !== 'live' || connection === 'lost') resolve({})
    else if (view.calibration.file === file && view.calibration.state !== 'none') resolve(view.calibration)
  }
  const end = subscribe(look)
  look()
  return promise.finally(end)
}

export function CalibrationPanel({ node }: { readonly node: NodeView }) {
  const run = useRun()
  const teller = useContext(TellerContext)
  const undo = useCalibrationUndo(node.key)
  const load = useCalibrationFile(node.key)
  const input = useRef<HTMLInputElement>(null)
  const { calibration } = node
  const curves = useCurves(node)
  const beyond = curves !== undefined && (curves.from > curves.hz[0]! || curves.to < curves.hz.at(-1)!)
  const clear = async (): Promise<void> => {
    const done = await run('calibration.clear', { node: node.key })
    if (done !== undefined) teller.done(`${calibration.file ?? 'The calibration'} is cleared.`, undo)
  }
  return (
    <Panel id="calibration" title="Calibration" {...(curves ? { table: () => curvesTable(curves) } : {})}>
      <div className="calibration-room">
        <div className={curves ? 'calibration calibration-seen' : 'calibration'}>
          {curves && <CurvesPlot curves={curves} />}
          <div className="calibration-words">
            <CalibrationState calibration={calibration} beyond={beyond} />
            <div className="panel-tools">
              <input
                ref={input}
                type="file"
                className="unseen"
                tabIndex={-1}
                accept=".txt,.cal,.frd,.csv,text/plain"
                aria-label="Calibration file"
                onChange={(event) => {
                  const file = event.target.files?.[0]
                  // The same file may be chosen again after it was mended.
                  event.target.value = ''
                  if (file) load(file)
                }}
              />
              <button type="button" className="button button-small" onClick={() => input.current?.click()}>
                Load file…
              </button>
              {calibration.origin === 'workstation' && (
                <button type="button" className="button button-small" onClick={() => void clear()}>
                  Clear
                </button>
              )}
              <span className="muted">or drop it anywhere on this node</span>
            </div>
            <SoundPressure node={node} />
          </div>
        </div>
      </div>
    </Panel>
  )
}

interface CalibrationStateProps {
  readonly calibration: CalibrationView
  /** The picture reaches further than the file. */
  readonly beyond: boolean
}

function CalibrationState({ calibration, beyond }: CalibrationStateProps) {
  const { state, origin, file, serial, incidence, residualDb, fault } = calibration
  if (state === 'none')
    return (
      <p className="calibration-state">
        <strong>Uncalibrated</strong>
        <span className="muted">
          The response of the microphone is not corrected. Load the text file that came with it, such as 7175488.txt; it
          is kept for this node.
        </span>
      </p>
    )
  if (state === 'refused')
    return (
      <p className="calibration-state calibration-refused">
        <strong>Uncalibrated: {file ?? 'the file'} was refused</strong>
        <span>{fault?.message}</span>
      </p>
    )
  return (
    <dl className="facts facts-lined">
      <dt>File</dt>
      <dd className="clip" title={file}>
        {file ?? '–'}
      </dd>
      <dt>Serial</dt>
      <dd data-testid="calibration-serial" data-value={serial}>
        {serial ?? 'not in the file'}
      </dd>
      <dt>From</dt>
      <dd>{origin === 'node' ? 'the node, which brings it' : 'this workstation, which keeps it for this node'}</dd>
      {incidence && (
        <>
          <dt>For</dt>
          <dd>sound from the side (90°): the microphone points up</dd>
        </>
      )}
      <dt>Residual</dt>
      <dd>
        <span data-testid="calibration-residual" data-value={residualDb}>
          {residualDb === undefined ? '–' : `${residualDb.toFixed(2)} dB, 20 Hz to 20 kHz`}
        </span>
        {beyond && (
          <span className="calibration-beyond muted">
            <span className="key key-away" /> beyond the file
          </span>
        )}
      </dd>
    </dl>
  )
}
