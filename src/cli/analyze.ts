import { analyzeFile, type Analysis, type AnalysisSubject, type HistoryRow } from '#engine/analysis/analyze.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { figuresFields, figuresText, headFields, headText, rowFields } from './analysis-text.ts'
import {
  interrupted,
  printFault,
  printJson,
  secondsOf,
  UsageError,
  type Command,
  type ExitCode,
  type Input,
} from './command.ts'
import { HistoryCsv } from './history-csv.ts'
import { Progress } from './progress.ts'

const CSV_WINDOW_S = 0.1
/** Meters form their sums over 10 ms; an hour is the longest average of theirs. */
const WINDOW_S = { least: 0.01, most: 3600 }

export const analyze: Command = {
  name: 'analyze',
  summary: 'Measure a WAV file, as fast as it goes.',
  usage: 'FILE [--calibration FILE] [--json] [--csv FILE] [--window 100ms]',
  help: `  --calibration FILE  undo the response of the microphone first, as its calibration file gives it
  --json              one object; silence and what there is no figure for is null
  --csv FILE          write the time history, one line a window; silence is an empty cell
  --window TIME       step of the time history, 10ms to 1h (100ms); with --json adds "history"

FILE is a WAV or RF64 file of any size: 16, 24 or 32-bit PCM or 32-bit float. Of a recording that is still growing
(.part) it measures what is there.

In JSON, lists have one value a channel. Levels are dB re full scale (dBFS: a full-scale sine has -3.01 RMS).
  integrated momentaryMax shortTermMax   LUFS, ITU-R BS.1770-5 and EBU Tech 3341
  lra plr                                LU, EBU Tech 3342; lraStable is false below 60 s
  truePeak                               dBTP, BS.1770-5 annex 2
  samplePeak rms crest dc clips          dBFS, dBFS, dB, share of full scale, samples
  laeq lceq lzeq lae lafMax lasMin ...   dBFS, IEC 61672-1 class 1 (lai... by IEC 60651)
  lcPeak l1 l5 l10 l50 l90 l95 l99       dBFS; LAF exceeded for so many per cent of the time
  bands octaves                          dBFS in each nominal band (hz): leq, and max of F; IEC 61260-1 class 1
  calibration                            null, or file, serial, residualDb of its filter, and what to add to dBFS for dB SPL
                                         by each convention for the microphone's Sens Factor (spl): an estimate
  history                                at the end of each window: time momentary shortTerm laf; of it: the others`,
  options: {
    calibration: { type: 'string' },
    json: { type: 'boolean' },
    csv: { type: 'string' },
    window: { type: 'string' },
  },
  positionals: true,

  async run(input) {
    const file = fileOf(input)
    const json = input.flag('json')
    const calibration = input.text('calibration')
    const csvPath = input.text('csv')
    const given = windowOf(input)
    const inputs = [file, ...(calibration === undefined ? [] : [calibration])]
    const output = new Output(file, json, json && given !== undefined)
    const progress = new Progress()
    let csv: HistoryCsv | undefined
    let stopped = false
    let left = false
    process.stdout.once('error', () => (left = true))
    void interrupted().then(() => (stopped = true))
    const result = await analyzeFile({
      file,
      calibration,
      window: given ?? (csvPath === undefined ? undefined : CSV_WINDOW_S),
      begin: async (subject) => {
        if (csvPath !== undefined) {
          const made = await HistoryCsv.create(csvPath, {
            inputs,
            channels: subject.format.channels,
            calibration: stateOf(subject),
          })
          if (!made.ok) return made
          csv = made.value
        }
        output.begin(subject)
        return ok(null)
      },
      progress: async (rows, share): Promise<Result<null>> => {
        progress.show(share)
        output.rows(rows)
        const written = (await csv?.add(rows)) ?? ok(null)
        if (!written.ok || !stopped) return written
        return fail('stopped', `Stopped after ${(100 * share).toFixed(0)} % of ${file}.`)
      },
    })
    progress.end()
    await csv?.close()
    if (!result.ok) {
      // Whoever read our words may leave; that is no fault.
      return left ? 0 : printFault(result.fault, json)
    }
    return output.end(result.value)
  },
}

function fileOf({ positionals }: Input): string {
  if (positionals.length !== 1) throw new UsageError('It needs one WAV file.')
  return positionals[0]!
}

function windowOf(input: Input): number | undefined {
  const seconds = secondsOf(input, 'window')
  if (seconds !== undefined && (seconds < WINDOW_S.least || seconds > WINDOW_S.most))
    throw new UsageError(`--window needs a time from 10ms to 1h, not "${input.text('window')}".`)
  if (seconds !== undefined && !input.flag('json') && input.text('csv') === undefined)
    throw new UsageError('--window needs --csv FILE or --json, where the time history goes.')
  return seconds
}

/** Said in each line of the history. Of a serial number there are only letters, digits and hyphens. */
function stateOf({ calibration }: AnalysisSubject): string {
  return calibration ? (calibration.serial ?? 'calibrated') : 'none'
}

/** What goes to standard output. A history is written as it comes, because a long one would not fit into memory. */
class Output {
  readonly #file: string
  readonly #json: boolean
  readonly #history: boolean
  #subject: AnalysisSubject | undefined
  #first = true

  constructor(file: string, json: boolean, history: boolean) {
    this.#file = file
    this.#json = json
    this.#history = history
  }

  begin(subject: AnalysisSubject): void {
    this.#subject = subject
    if (!this.#history) return
    process.stdout.write(`${JSON.stringify(headFields(this.#file, subject)).slice(0, -1)},"history":[`)
  }

  rows(rows: readonly HistoryRow[]): void {
    if (!this.#history || rows.length === 0) return
    const text = rows.map((row) => JSON.stringify(rowFields(row))).join(',')
    process.stdout.write(this.#first ? text : `,${text}`)
    this.#first = false
  }

  /** A file that was cut off is measured as far as it goes; that it was is a fault. */
  end({ figures, notFinite }: Analysis): ExitCode {
    const subject = this.#subject!
    const fields = figuresFields(figures, notFinite)
    if (this.#history) process.stdout.write(`],${JSON.stringify(fields).slice(1)}\n`)
    else if (this.#json) printJson({ ...headFields(this.#file, subject), ...fields })
    else console.log(`${headText(this.#file, subject)}\n${figuresText(figures, subject.format.channels)}`)
    if (notFinite > 0 && !this.#json)
      console.error(`farfield: ${notFinite} samples were not numbers and were measured as silence.`)
    if (subject.missingSeconds === 0) return 0
    const cut = `${this.#file} is cut off: ${subject.missingSeconds.toFixed(2)} s that its head promises are missing.`
    return printFault(fail('bad-wav', `${cut} The figures are of what is there.`).fault, this.#json)
  }
}
