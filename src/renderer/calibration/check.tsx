import { useContext, useEffect, useState } from 'react'
import type { CalibratorLevel, CalibratorView, NodeView } from '#contract/state.ts'
import { formatLevel } from '#meters/draw/format.ts'
import { formatSum, formatTone, VOLUME_HELP } from './words.ts'
import { Choice, Choices } from '#renderer/parts/choices.tsx'
import { Dialog } from '#renderer/parts/dialog.tsx'
import { TellerContext, useRun } from '#renderer/hooks.ts'

export interface CheckDialogProps {
  readonly node: NodeView
  readonly onClose: () => void
}

const LEVELS: readonly CalibratorLevel[] = [94, 104, 114]

/** A check with a calibrator, from choosing what it gives to taking what was read. Closing it ends the check. */
export function CheckDialog({ node, onClose }: CheckDialogProps) {
  const run = useRun()
  const teller = useContext(TellerContext)
  const [level, setLevel] = useState<CalibratorLevel>(94)
  const { key, calibrator } = node
  useEffect(() => () => void run('calibrator.cancel', { node: key }), [run, key])
  const start = (): void => void run('calibrator.start', { node: key, level })
  const use = async (): Promise<void> => {
    const used = await run('calibrator.use', { node: key })
    if (used === undefined) return
    teller.done(`Levels of ${node.name} are in dB SPL now.`)
    onClose()
  }
  return (
    <Dialog title="Check with a calibrator" onClose={onClose}>
      <div className="dialog-body">
        {calibrator ? (
          <>
            {calibrator.state === 'listening' && <Listening check={calibrator} />}
            {calibrator.state === 'done' && <Done check={calibrator} />}
            {calibrator.state === 'failed' && <p role="alert">{calibrator.fault?.message}</p>}
          </>
        ) : (
          <ChooseLevel level={level} onChoose={setLevel} serial={node.calibration.serial} />
        )}
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={onClose}>
            {calibrator?.state === 'done' ? 'Discard' : 'Cancel'}
          </button>
          {calibrator?.state === 'done' && (
            <button type="button" className="button button-primary" onClick={() => void use()}>
              Use it
            </button>
          )}
          {(!calibrator || calibrator.state === 'failed') && (
            <button type="button" className="button button-primary" disabled={node.presence !== 'live'} onClick={start}>
              {calibrator ? 'Try again' : 'Start'}
            </button>
          )}
        </footer>
      </div>
    </Dialog>
  )
}

interface ChooseLevelProps {
  readonly level: CalibratorLevel
  readonly serial: string | undefined
  readonly onChoose: (level: CalibratorLevel) => void
}

function ChooseLevel({ level, serial, onChoose }: ChooseLevelProps) {
  return (
    <>
      <p>Put the calibrator on the microphone and switch it on. Its tone is found by itself; it takes a few seconds.</p>
      <Choices title="The calibrator gives" className="calibrator-levels" value={level} onChoose={onChoose}>
        {LEVELS.map((one) => (
          <Choice key={one} value={one} first={one === level}>
            {one} dB
          </Choice>
        ))}
      </Choices>
      <p className="help">
        The reading is of the corrected signal (the correction is 0 dB at 1 kHz) and is kept for{' '}
        {serial === undefined ? 'this node, because no file gives a serial number' : `microphone ${serial}`}.{' '}
        {VOLUME_HELP}
      </p>
    </>
  )
}

function Listening({ check }: { readonly check: CalibratorView }) {
  const { tone, trouble, steadySeconds, neededSeconds, level } = check
  return (
    <>
      <p>Listening for the tone of {level} dB…</p>
      <Heard tone={tone} />
      <div
        className="progress"
        role="progressbar"
        aria-label="Steady for"
        aria-valuemin={0}
        aria-valuemax={neededSeconds}
        aria-valuenow={steadySeconds}
      >
        <div className="progress-bar" style={{ transform: `scaleX(${steadySeconds / neededSeconds})` }} />
      </div>
      <p className="help check-help">
        Steady for {steadySeconds.toFixed(1)} of {neededSeconds} s: within 0.1 dB, 20 dB above everything else.
      </p>
      <p className="check-trouble warn" role="status">
        {trouble}
      </p>
    </>
  )
}

function Heard({ tone }: { readonly tone: CalibratorView['tone'] }) {
  return (
    <dl className="check-heard">
      <div>
        <dt>Frequency</dt>
        <dd className="figure" data-testid="calibrator-hz" data-value={tone?.hz}>
          {tone ? formatTone(tone.hz) : '–'}
        </dd>
      </div>
      <div>
        <dt>Level</dt>
        <dd className="figure" data-testid="calibrator-level" data-value={tone?.levelDb}>
          {tone ? `${formatLevel(tone.levelDb, 2)} dBFS` : '–'}
        </dd>
      </div>
      <div>
        <dt>Above the rest</dt>
        <dd className="figure">{tone ? `${formatLevel(Math.min(tone.snrDb, 99), 0)} dB` : '–'}</dd>
      </div>
    </dl>
  )
}

function Done({ check }: { readonly check: CalibratorView }) {
  const { result, level } = check
  if (!result) return null
  const { offsetDb, beforeDb, warnings } = result
  return (
    <>
      <Heard tone={check.tone} />
      <p role="status">
        <strong data-testid="calibrator-offset" data-value={offsetDb}>
          dB SPL = {formatSum(offsetDb)}
        </strong>
      </p>
      {beforeDb !== undefined && (
        <p className="muted">
          The offset in use until now reads this tone as {formatLevel(beforeDb, 2)} dB SPL,{' '}
          {difference(beforeDb - level)}.
        </p>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="warn" role="alert">
          {warning}
        </p>
      ))}
    </>
  )
}

function difference(db: number): string {
  if (Math.abs(db) < 0.005) return 'which is right'
  return `${Math.abs(db).toFixed(2)} dB too ${db > 0 ? 'high' : 'low'}`
}
