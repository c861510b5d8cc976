/** Times, sizes and counts as a person reads them. */
import type { Presence } from '#contract/state.ts'

/** Seconds as "0:07", "12:03", "1:02:03". */
export function formatDuration(seconds: number): string {
  const whole = Math.floor(Math.max(0, seconds))
  const s = String(whole % 60).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${s}`
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${s}`
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Bytes in powers of 1000, as disks are sold: "999 B", "1.2 MB". */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`
}

/** "12,345": digits in groups of three. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** "1 gap", "2 gaps". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** A short span: "12 ms", "1.25 s", "1:02:03" from a minute on. */
export function formatSpan(seconds: number): string {
  if (seconds >= 60) return formatDuration(seconds)
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(2)} s`
}

/** A long time to come: "3 days", "5 h 12 min", "42 min", and below ten minutes "9:41". */
export function formatRoom(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours >= 72) return plural(Math.floor(hours / 24), 'day')
  if (hours > 0) return `${hours} h ${minutes % 60} min`
  return minutes >= 10 ? `${minutes} min` : formatDuration(seconds)
}

/** Time of day "14:03:27" in this computer's zone; with the date where it is not today. */
export function formatTime(ms: number, now = Date.now()): string {
  const date = new Date(ms)
  const two = (n: number): string => String(n).padStart(2, '0')
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  if (date.toDateString() === new Date(now).toDateString()) return time
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`
}

export const PRESENCE_WORDS: Readonly<Record<Presence, string>> = {
  disconnected: 'Disconnected',
  connecting: 'Connecting',
  live: 'Live',
  stalled: 'No sound',
  lost: 'Lost',
}
