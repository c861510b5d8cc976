/** How lost sound is spoken of, on screens and in certificates. */
import type { LossCause } from './journal.ts'

/** Completes "... is lost and stays silent: ". */
export const WHERE: Readonly<Record<LossCause, string>> = {
  capture: 'the node did not get it from its microphone in time',
  network: 'it was lost between node and workstation',
  ring: 'the node kept it for too short a time to be asked again',
  node: 'the node was restarted and had forgotten it',
  disk: 'the disk did not take it',
}

/** "340 ms", "12.5 s": what a person says. */
export function lengthText(seconds: number): string {
  return seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${Math.round(seconds * 100) / 100} s`
}

/** "0:12.500", "1:02:03.250". */
export function timeText(seconds: number): string {
  const ms = Math.round(seconds * 1000)
  const [h, m, s] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, (ms % 60_000) / 1000]
  const rest = s.toFixed(3).padStart(6, '0')
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${rest}` : `${m}:${rest}`
}
