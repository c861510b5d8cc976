/** The calibration of one node's microphone: the file in use, its sensitivity, and a check with a calibrator while one goes on. */
import type { CalibrationCurves } from '#contract/calibration.ts'
import type { CalibrationView, CalibratorLevel, CalibratorView, SplView } from '#contract/state.ts'
import { parseCalibration, type CalibrationFile } from '#dsp/calibration-file.ts'
import type { Look, Tone } from '#dsp/calibrator.ts'
import { estimateSpl, SPL_CONVENTIONS, type SplEstimate } from '#dsp/spl.ts'
import { fail, ok, type Fault, type Result } from '#shared/result.ts'
import { CalibratorCheck } from './calibration-check.ts'
import type { KnownOffset, Microphones } from './calibration-store.ts'
import type { AppliedCorrection } from './dsp/messages.ts'
import type { DspPool } from './dsp/pool.ts'

/** Chosen where no Sens Factor is to be believed. */
export const NO_CONVENTION = 'none'

/** What tells one microphone from another. */
export interface Identity {
  /** The node's id; absent until it answered once. */
  readonly node: string | undefined
  /** What its sound device calls itself. */
  readonly device: string | undefined
}

export class NodeCalibration {
  readonly #key: number
  readonly #pool: DspPool
  readonly #microphones: Microphones
  readonly #identity: () => Identity
  readonly #changed: () => void
  #view: CalibrationView = { state: 'none' }
  #curves: CalibrationCurves | undefined
  /** Filters put in use so far. */
  #filters = 0
  #file: CalibrationFile | undefined
  #check: CalibratorCheck | undefined
  /** Takes back the last change that a person made. */
  #back: (() => void) | undefined

  /** `changed`: something happened that no command and no worker said. */
  constructor(key: number, pool: DspPool, microphones: Microphones, identity: () => Identity, changed: () => void) {
    this.#key = key
    this.#pool = pool
    this.#microphones = microphones
    this.#identity = identity
    this.#changed = changed
  }

  use(name: string, text: string, origin: 'node' | 'workstation'): void {
    const parsed = parseCalibration(text)
    this.#file = parsed.ok ? parsed.value : undefined
    const serial = this.#file?.serial
    const incidence = this.#file?.incidence ?? (/90[-_ ]?deg/i.test(name) ? '90deg' : undefined)
    this.#view = { state: 'none', origin, file: name, ...(serial && { serial }), ...(incidence && { incidence }) }
    this.#pool.calibrate(this.#key, text)
  }

  clear(): void {
    this.#file = undefined
    this.#view = { state: 'none' }
    this.#pool.calibrate(this.#key, null)
  }

  applied({ residualDb, curves }: AppliedCorrection): void {
    this.#curves = curves
    this.#view = { ...this.#view, state: 'applied', residualDb, filter: ++this.#filters }
  }

  refused(fault: Fault): void {
    this.#view = { ...this.#view, state: 'refused', fault }
  }

  /** Of the filter in use; undefined while there is none. */
  get curves(): CalibrationCurves | undefined {
    return this.#view.state === 'applied' ? this.#curves : undefined
  }

  get view(): CalibrationView {
    const estimates = this.#estimates()
    const chosen = this.#chosen(estimates)
    const spl = this.#spl(estimates, chosen)
    const sensFactorDb = this.#file?.sensFactorDb
    return {
      ...this.#view,
      ...(sensFactorDb === undefined ? {} : { sensFactorDb, estimates, chosen }),
      ...(spl && { spl }),
    }
  }

  get check(): CalibratorView | undefined {
    return this.#check?.view
  }

  /** Faults: `bad-argument` for a convention that is not known, `not-connected` while the microphone has no name. */
  choose(convention: string): Result<null> {
    if (convention !== NO_CONVENTION && !SPL_CONVENTIONS.some(({ id }) => id === convention))
      return fail('bad-argument', `There is no convention "${convention}".`)
    return this.#keep('convention', convention)
  }

  type(offsetDb: number): Result<null> {
    return this.#keep('offset', { offsetDb, provenance: 'typed', measuredAt: Date.now() })
  }

  forget(): Result<null> {
    return this.#keep('offset', undefined)
  }

  undoBy(back: () => void): void {
    this.#back = back
  }

  /** Fault: `not-found`. */
  undo(): Result<null> {
    if (!this.#back) return fail('not-found', 'There is no change of this calibration to undo.')
    this.#back()
    this.#back = undefined
    return ok(null)
  }

  /** Begins a check, or begins it anew. */
  startCheck(level: CalibratorLevel): void {
    this.#check?.dispose()
    this.#check = new CalibratorCheck(level, this.view.spl?.offsetDb, () => {
      this.#pool.listen(this.#key, false)
      this.#changed()
    })
    this.#pool.listen(this.#key, true)
  }

  heard(look: Look, steady: Tone | undefined): void {
    this.#check?.heard(look, steady)
    if (this.#check?.result) this.#pool.listen(this.#key, false)
  }

  /** Faults: `not-found` where nothing was measured, and those of `choose`. */
  useCheck(): Result<null> {
    const result = this.#check?.result
    if (!result) return fail('not-found', 'There is no calibrator reading to use. Start the check again.')
    const kept = this.#keep('offset', result)
    if (kept.ok) this.endCheck()
    return kept
  }

  endCheck(): void {
    if (!this.#check) return
    if (this.#check.view.state === 'listening') this.#pool.listen(this.#key, false)
    this.#check.dispose()
    this.#check = undefined
  }

  #keep(name: 'convention', value: string): Result<null>
  #keep(name: 'offset', value: KnownOffset | undefined): Result<null>
  #keep(name: 'convention' | 'offset', value: string | KnownOffset | undefined): Result<null> {
    const microphone = this.#microphone()
    if (microphone === undefined)
      return fail('not-connected', 'The node has not answered yet, so its microphone is not known. Connect it first.')
    const before = this.#microphones.find(microphone)?.[name]
    this.undoBy(() => this.#microphones.set(microphone, name, before))
    this.#microphones.set(microphone, name, value)
    return ok(null)
  }

  /** A serial number follows the microphone to another node; without one the node stands for it. */
  #microphone(): string | undefined {
    if (this.#file?.serial !== undefined) return `serial:${this.#file.serial}`
    const { node } = this.#identity()
    return node === undefined ? undefined : `node:${node}`
  }

  #estimates(): readonly SplEstimate[] {
    // A file that cannot be used for one thing is not believed in the other.
    if (this.#view.state === 'refused') return []
    return this.#file ? estimateSpl(this.#file, this.#identity().device) : []
  }

  #record(): ReturnType<Microphones['find']> {
    const microphone = this.#microphone()
    return microphone === undefined ? undefined : this.#microphones.find(microphone)
  }

  #chosen(estimates: readonly SplEstimate[]): string {
    return this.#record()?.convention ?? estimates.find(({ fits }) => fits)?.convention ?? NO_CONVENTION
  }

  /** What was measured or typed goes before every estimate. */
  #spl(estimates: readonly SplEstimate[], chosen: string): SplView | undefined {
    const known = this.#record()?.offset
    if (known) return { ...known, estimate: false }
    const estimate = estimates.find(({ convention }) => convention === chosen)
    if (!estimate) return undefined
    return { offsetDb: estimate.offsetDb, provenance: 'estimate', estimate: true, convention: chosen }
  }
}
