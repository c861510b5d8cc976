/** What is said with everything that leaves the program: whose sound, when, and how it was calibrated. Pure text. */
import type { CalibrationView, NodeView, SplView } from '#contract/state.ts'
import { formatSum, provenanceOf } from '#renderer/calibration/words.ts'
import { PRESENCE_WORDS } from '#renderer/format.ts'
import { describeFormat } from '#shared/pcm.ts'

/** Of the frames of a stretch of sound: as many as the microphone's response was corrected for. */
export type Corrected = 'all' | 'some' | 'none'

/** "corrected by 700.txt; dB SPL = dBFS + 120.00 dB, typed by hand on 2026-11-21". */
export function calibrationWords(calibration: CalibrationView, corrected = correctedNow(calibration)): string {
  const { file, serial, origin, residualDb, incidence } = calibration
  const facts = [
    serial === undefined ? undefined : `serial ${serial}`,
    origin === undefined ? undefined : `from the ${origin}`,
    incidence === '90deg' ? 'for sound from the side' : undefined,
    residualDb === undefined ? undefined : `residual ${residualDb.toFixed(2)} dB`,
  ].filter((fact) => fact !== undefined)
  const by = `corrected${file === undefined ? '' : ` by ${file}`}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`
  const refused = calibration.state === 'refused' ? `: ${file ?? 'the file'} was refused` : ''
  const response = { all: by, some: `partly ${by}`, none: `not corrected${refused}` }[corrected]
  return `${response}; ${pressureWords(calibration.spl)}`
}

function correctedNow({ state }: CalibrationView): Corrected {
  return state === 'applied' ? 'all' : 'none'
}

function pressureWords(spl: SplView | undefined): string {
  if (!spl) return 'levels in dBFS, no sound pressure is known'
  const from = provenanceOf(spl)
  return `dB SPL = ${formatSum(spl.offsetDb)}, ${from[0]!.toLowerCase()}${from.slice(1)}`
}

/** "2026-11-21T09:12:33.123+01:00": ISO 8601 with this computer's offset to UTC. */
export function localTime(ms: number): string {
  const minutes = -new Date(ms).getTimezoneOffset()
  const two = (n: number): string => String(Math.floor(Math.abs(n))).padStart(2, '0')
  const zone = `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
  return new Date(ms + 60_000 * minutes).toISOString().slice(0, -1) + zone
}

/** "2026-11-21 09:12:33 +01:00 Europe/Berlin (08:12:33 UTC)"; the day of UTC too where it is another. */
export function momentWords(ms: number): string {
  const [day, time] = localTime(ms).split('T') as [string, string]
  const [utcDay, utcTime] = new Date(ms).toISOString().split('T') as [string, string]
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const utc = `${utcDay === day ? '' : `${utcDay} `}${utcTime.slice(0, 8)} UTC`
  if (timeZone === 'UTC') return `${day} ${utc}`
  return `${day} ${time.slice(0, 8)} ${time.slice(12)} ${timeZone} (${utc})`
}

/** "Attic (simulated), tcp://pi:5555, 48 kHz · 2 ch · s32". */
export function nodeWords({ name, address, source, format, presence }: NodeView): string {
  return [
    `${name}${source?.simulated ? ' (simulated)' : ''}`,
    address,
    format && describeFormat(format),
    source?.label,
    presence === 'live' ? undefined : `${PRESENCE_WORDS[presence].toLowerCase()}: what is shown is from before`,
  ]
    .filter((word) => word !== undefined && word !== '')
    .join(', ')
}

/** What is written under a picture and into it. */
export interface Caption {
  readonly title: string
  readonly lines: readonly string[]
}

/** Of one thing of one node. `what`: its title; `version`: of Farfield; `at`: ms since 1970. */
export function captionOf(node: NodeView, what: string, at: number, version: string): Caption {
  return {
    title: `${node.name}: ${what}`,
    lines: [nodeWords(node), capital(calibrationWords(node.calibration)), `${momentWords(at)}, Farfield ${version}`],
  }
}

/** Of all nodes together. */
export function captionOfAll(nodes: readonly NodeView[], at: number, version: string): Caption {
  return {
    title: 'All nodes',
    lines: [
      ...nodes.map((node) => `${nodeWords(node)}: ${calibrationWords(node.calibration)}`),
      `${momentWords(at)}, Farfield ${version}`,
    ],
  }
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1)
}
