import { useContext, useId, useState, type FormEvent } from 'react'
import type { NodeView } from '#contract/state.ts'
import { formatLevel } from '#meters/draw/format.ts'
import { CheckDialog } from './check.tsx'
import { CONVENTIONS, formatOffset, formatSum, provenanceOf, VOLUME_HELP } from './words.ts'
import { Choice, Choices } from '#renderer/parts/choices.tsx'
import { Dialog } from '#renderer/parts/dialog.tsx'
import { TellerContext, useCalibrationUndo, useRun } from '#renderer/hooks.ts'

const NO_CONVENTION = 'none'
/** Beyond it an offset is a typing error. */
const MAX_OFFSET_DB = 250

/** Which unit levels are in, why, and the ways to change it. */
export function SoundPressure({ node }: { readonly node: NodeView }) {
  const [dialog, setDialog] = useState<'offset' | 'check'>()
  const { spl } = node.calibration
  const close = (): void => setDialog(undefined)
  return (
    <section className="spl" aria-label="Sound pressure level">
      <dl className="facts facts-lined">
        <dt>Levels</dt>
        <dd data-testid="spl-offset" data-value={spl?.offsetDb}>
          {spl ? `dB SPL${spl.estimate ? ' est.' : ''}: ${formatSum(spl.offsetDb)}` : 'dBFS: no sensitivity is known'}
        </dd>
        {spl && (
          <>
            <dt>By</dt>
            <dd data-testid="spl-provenance">{provenanceOf(spl)}</dd>
          </>
        )}
      </dl>
      <div className="panel-tools">
        <button
          type="button"
          className="button button-small"
          disabled={node.presence !== 'live'}
          onClick={() => setDialog('check')}
        >
          Check with a calibrator…
        </button>
        <button type="button" className="button button-small" onClick={() => setDialog('offset')}>
          Sound pressure…
        </button>
      </div>
      {dialog === 'check' && <CheckDialog node={node} onClose={close} />}
      {dialog === 'offset' && <OffsetDialog node={node} onClose={close} />}
    </section>
  )
}

function OffsetDialog({ node, onClose }: { readonly node: NodeView; readonly onClose: () => void }) {
  const run = useRun()
  const { spl, serial } = node.calibration
  const teller = useContext(TellerContext)
  const undo = useCalibrationUndo(node.key)
  const forget = async (): Promise<void> => {
    const done = await run('spl.clear', { node: node.key })
    if (done !== undefined) teller.done('The sensitivity of the microphone is forgotten.', undo)
  }
  return (
    <Dialog title="Sound pressure level" wide onClose={onClose}>
      <div className="dialog-body">
        {spl && !spl.estimate ? (
          <div className="spl-known">
            <p>
              <strong>dB SPL = {formatSum(spl.offsetDb)}</strong>
              <br />
              <span className="muted">
                {provenanceOf(spl)}. Kept for {serial === undefined ? 'this node' : `microphone ${serial}`}; it goes
                before every estimate.
              </span>
            </p>
            <button type="button" className="button button-small" onClick={() => void forget()}>
              Forget it
            </button>
          </div>
        ) : (
          <Estimates node={node} />
        )}
        <TypedOffset node={node} />
        <p className="help">{VOLUME_HELP}</p>
        <footer className="dialog-foot">
          <button type="button" className="button button-primary" onClick={onClose}>
            Done
          </button>
        </footer>
      </div>
    </Dialog>
  )
}

/** No manufacturer says what the Sens Factor means: the person sees each reading of it and may take another. */
function Estimates({ node }: { readonly node: NodeView }) {
  const run = useRun()
  const [wanted, setWanted] = useState<string>()
  const { estimates = [], chosen = NO_CONVENTION, sensFactorDb } = node.calibration
  if (estimates.length === 0 || sensFactorDb === undefined)
    return (
      <p className="help">
        There is no calibration file with a Sens Factor, so nothing can be estimated. Check with a calibrator, or type
        an offset.
      </p>
    )
  const shown = wanted ?? chosen
  const choose = async (convention: string): Promise<void> => {
    setWanted(convention)
    await run('spl.convention', { node: node.key, convention })
    // By now the state says what is chosen.
    setWanted(undefined)
  }
  return (
    <>
      <Choices
        title={`Estimate from the file's Sens Factor of ${formatLevel(sensFactorDb, 3)} dB`}
        className="conventions"
        value={shown}
        onChoose={(convention) => void choose(convention)}
      >
        {estimates.map(({ convention, offsetDb, fits }) => (
          <Choice key={convention} value={convention} first={convention === shown} className="convention">
            <span className="convention-text">
              <span>
                {CONVENTIONS[convention]?.title ?? convention} {fits && <span className="badge">This model</span>}
              </span>
              <span className="help">{CONVENTIONS[convention]?.formula}</span>
            </span>
            <span className="figure">{formatOffset(offsetDb)}</span>
          </Choice>
        ))}
        <Choice value={NO_CONVENTION} first={shown === NO_CONVENTION} className="convention">
          <span className="convention-text">
            <span>None</span>
            <span className="help">Levels stay in dBFS.</span>
          </span>
        </Choice>
      </Choices>
      <p className="help">
        What the factor refers to was never published, and these readings are up to 30 dB apart. Only a calibrator
        tells.
      </p>
    </>
  )
}

function TypedOffset({ node }: { readonly node: NodeView }) {
  const run = useRun()
  const id = useId()
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  const teller = useContext(TellerContext)
  const undo = useCalibrationUndo(node.key)
  const before = node.calibration.spl
  const keep = async (db: number): Promise<void> => {
    const done = await run('spl.offset', { node: node.key, db })
    // An estimate is not lost: it comes back when the offset is forgotten.
    if (done !== undefined && before && !before.estimate)
      teller.done(`The offset of ${formatOffset(before.offsetDb)} is replaced.`, undo)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const db = Number(text.trim().replace(',', '.').replace('−', '-'))
    if (text.trim() === '' || !(Math.abs(db) <= MAX_OFFSET_DB))
      return setError(`Type the offset in dB, such as 120.5, from −${MAX_OFFSET_DB} to ${MAX_OFFSET_DB}.`)
    setError(undefined)
    setText('')
    void keep(db)
  }
  return (
    <form onSubmit={submit} noValidate>
      <label className="field" htmlFor={id}>
        Or type the offset, dB
      </label>
      <div className="typed">
        <input
          id={id}
          className="input"
          inputMode="decimal"
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder="120.5"
          autoComplete="off"
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-error`}
        />
        <button type="submit" className="button">
          Use it
        </button>
      </div>
      <p className="error" id={`${id}-error`} role="alert">
        {error}
      </p>
    </form>
  )
}
