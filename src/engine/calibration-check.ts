/** One check with a sound calibrator: it listens, until there is an offset that the person takes or discards, or a reason why there is none. */
import type { Disposable } from '#shared/lifecycle.ts'
import type { CalibratorLevel, CalibratorView } from '#contract/state.ts'
import {
  LEAST_LEVEL_DB,
  LEAST_SNR_DB,
  nominalHz,
  STEADY_DB,
  STEADY_SECONDS,
  type Look,
  type Tone,
  type ToneTrouble,
} from '#dsp/calibrator.ts'
import type { KnownOffset } from './calibration-store.ts'

/** Longer nobody holds a calibrator; most need a few seconds. */
export const CHECK_SECONDS = 60
/** Channels that differ by more do not share one offset. */
const MAX_SPREAD_DB = 1

const TROUBLES: Readonly<Record<ToneTrouble, string>> = {
  low: `No tone is heard, or it is below −${-LEAST_LEVEL_DB} dBFS. Put the calibrator on the microphone, switch it on, and check the capture volume.`,
  noisy: `No tone is ${LEAST_SNR_DB} dB above everything else. Push the calibrator all the way onto the microphone and keep quiet.`,
  clipped:
    'The converter is at full scale. Lower the capture volume of the node or set the calibrator to a lower level.',
  gap: 'Sound was lost on the way; the waiting begins anew.',
}
const UNSTEADY = `The tone has not stood still within ${STEADY_DB} dB for ${STEADY_SECONDS} s.`

export class CalibratorCheck implements Disposable {
  readonly level: CalibratorLevel
  readonly #before: number | undefined
  readonly #timer: NodeJS.Timeout
  #view: CalibratorView
  #result: KnownOffset | undefined

  /** `beforeDb`: the offset in use until now. `ended` is called once: done, or failed after CHECK_SECONDS. */
  constructor(level: CalibratorLevel, beforeDb: number | undefined, ended: () => void) {
    this.level = level
    this.#before = beforeDb
    this.#view = { state: 'listening', level, steadySeconds: 0, neededSeconds: STEADY_SECONDS }
    this.#timer = setTimeout(() => {
      this.#fail()
      ended()
    }, CHECK_SECONDS * 1000)
    this.#timer.unref()
  }

  get view(): CalibratorView {
    return this.#view
  }

  /** What `calibrator.use` keeps. */
  get result(): KnownOffset | undefined {
    return this.#result
  }

  heard(look: Look, steady: Tone | undefined): void {
    if (this.#view.state !== 'listening') return
    const { hz, levelDb, snrDb, trouble, steadySeconds } = look
    const { trouble: _before, tone: _tone, ...rest } = this.#view
    this.#view = {
      ...rest,
      steadySeconds,
      // Below the least level the strongest "tone" is any noise.
      ...(trouble === 'low' ? {} : { tone: { hz, levelDb, snrDb } }),
      ...(trouble ? { trouble: TROUBLES[trouble] } : {}),
    }
    if (steady) this.#done(steady)
  }

  dispose(): void {
    clearTimeout(this.#timer)
  }

  #done(tone: Tone): void {
    this.dispose()
    const { hz, levelDb: readDb } = tone
    const offsetDb = this.level - readDb
    this.#result = {
      offsetDb,
      provenance: 'calibrator',
      measuredAt: Date.now(),
      calibrator: { level: this.level, hz, readDb },
    }
    const { trouble: _none, ...rest } = this.#view
    this.#view = {
      ...rest,
      state: 'done',
      steadySeconds: STEADY_SECONDS,
      tone: { hz, levelDb: readDb, snrDb: tone.snrDb },
      result: {
        offsetDb,
        hz,
        readDb,
        ...(this.#before === undefined ? {} : { beforeDb: readDb + this.#before }),
        warnings: warningsOf(tone),
      },
    }
  }

  #fail(): void {
    const { trouble, tone, steadySeconds } = this.#view
    const heard = tone !== undefined || trouble !== undefined || steadySeconds > 0
    const why = trouble ?? (heard ? UNSTEADY : 'No sound came from the node.')
    const message = `No steady tone was found within ${CHECK_SECONDS} s. ${why} Then try again.`
    this.#view = { ...this.#view, state: 'failed', fault: { code: 'no-tone', message } }
  }
}

function warningsOf({ hz, spreadDb, channel }: Tone): string[] {
  const warnings: string[] = []
  if (nominalHz(hz) === undefined)
    warnings.push(
      `The tone is at ${hz.toFixed(1)} Hz. Calibrators give 1 kHz or 250 Hz: make sure that this is one, and not another sound.`,
    )
  if (spreadDb > MAX_SPREAD_DB)
    warnings.push(
      `Channel ${channel + 1} hears the tone loudest and was measured; another channel reads ${spreadDb >= 100 ? 'nothing of it' : `${spreadDb.toFixed(1)} dB less`}. One offset holds for all channels of a node.`,
    )
  return warnings
}
