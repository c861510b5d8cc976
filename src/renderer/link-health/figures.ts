/** What is known of a link as figures: on the screen and in a table the same. */
import type { NodeView, TakeView } from '#contract/state.ts'
import { formatLevel, formatSigned, NO_FIGURE } from '#meters/draw/format.ts'
import type { Table } from '#meters/draw/table.ts'
import { formatBytes, formatCount, formatDuration, formatSpan, plural } from '#renderer/format.ts'

export interface Figure {
  readonly id: string
  readonly name: string
  /** Exact, in `unit`; undefined where it is not known. */
  readonly value: number | string | undefined
  readonly unit?: string
  /** As the screen says it, unit included. */
  readonly text: string
  /** For those who want to know more. */
  readonly hint?: string
  /** It is worth a colour. */
  readonly alarm?: boolean
}

export interface FigureGroup {
  readonly title: string
  readonly figures: readonly Figure[]
}

/** More than this of what may wait for the meters is no hiccup any more. */
const BUSY_SHARE = 0.5

/** `version`: of the workstation. */
export function linkFigures(node: NodeView, takes: readonly TakeView[], version: string): readonly FigureGroup[] {
  return [
    { title: 'On the way', figures: wayOf(node) },
    { title: 'Lost and found', figures: lossesOf(node) },
    { title: 'Clocks', figures: clocksOf(node) },
    { title: 'Waiting', figures: queuesOf(node, takes) },
    { title: 'Node', figures: nodeOf(node, version) },
  ]
}

function wayOf({ link: { health }, roundTripMs }: NodeView): Figure[] {
  const { latencyMs, latencyMaxMs, uncertaintyMs, jitterMs, bitsPerSecond } = health ?? {}
  const wrong = uncertaintyMs === undefined ? '' : ` ± ${sayWithin(uncertaintyMs)}`
  return [
    {
      id: 'link-latency',
      name: 'Latency',
      value: latencyMs,
      unit: 'ms',
      text: latencyMs === undefined ? NO_FIGURE : `${formatLevel(latencyMs)}${wrong} ms`,
      hint: 'From the capture of a block to its arrival here, mean of the last second. It is wrong by half the round trip at most.',
    },
    time('link-latency-max', 'Largest in a second', latencyMaxMs, 'Latency of the latest block of the last second.'),
    time('link-jitter', 'Jitter', jitterMs, 'How unevenly blocks come, against their capture (RFC 3550).'),
    time('link-round-trip', 'Round trip', roundTripMs, 'Of the newest question to the node.'),
    {
      id: 'link-rate',
      name: 'Data rate',
      value: bitsPerSecond,
      unit: 'bit/s',
      text: bitsPerSecond === undefined ? NO_FIGURE : `${(bitsPerSecond / 1e6).toFixed(2)} Mb/s`,
      hint: 'Live sound and its headers.',
    },
  ]
}

function lossesOf({ link, format }: NodeView): Figure[] {
  const rate = format?.rate
  return [
    counter('link-gaps', 'Gaps', link.gaps, { alarm: true }),
    counter('link-missing', 'Missing in all', link.missingFrames, { rate, alarm: true }),
    counter('link-repaired', 'Refilled', link.repairedFrames, { rate }),
    counter('link-pending', 'Being refilled', link.pendingFrames, { rate }),
    counter('link-gone', 'Lost for good', link.goneFrames, { rate, alarm: true }),
    counter('link-late', 'Late, put in place', link.late),
    counter('link-duplicates', 'Duplicates', link.duplicates),
    counter('link-refused', 'Refused', link.refused),
  ]
}

function clocksOf({ link: { health } }: NodeView): Figure[] {
  const { driftPpm, wallOffsetMs, stepped, uncertaintyMs } = health ?? {}
  return [
    {
      id: 'link-drift',
      name: 'Drift',
      value: driftPpm,
      unit: 'ppm',
      text: driftPpm === undefined ? NO_FIGURE : `${formatSigned(driftPpm)} ppm`,
      hint: "How much faster the node captures than its rate says, by this computer's clock. Known after half a minute.",
    },
    {
      id: 'link-wall-offset',
      name: 'Clock offset',
      value: wallOffsetMs,
      unit: 'ms',
      text: wallOffsetMs === undefined ? NO_FIGURE : sayOffset(wallOffsetMs),
      hint: `The node's time of day against this computer's.${stepped ? ' It was set since the node was connected.' : ''}`,
    },
    {
      id: 'link-uncertainty',
      name: 'Known to within',
      value: uncertaintyMs,
      unit: 'ms',
      text: uncertaintyMs === undefined ? NO_FIGURE : `± ${sayWithin(uncertaintyMs)} ms`,
      hint: "Half the shortest round trip: so well the node's clock is known here.",
    },
  ]
}

function queuesOf(
  { key, link: { health, queue, dropped, pendingFrames } }: NodeView,
  takes: readonly TakeView[],
): Figure[] {
  const bytes = takes.filter((take) => take.node === key).reduce((sum, { queuedBytes }) => sum + queuedBytes, 0)
  const ring = health?.ring
  const age = pendingFrames > 0 ? health?.pendingAgeSeconds : undefined
  return [
    {
      id: 'link-queue',
      name: 'For the meters',
      value: queue?.blocks,
      unit: 'blocks',
      text: queue ? `${formatCount(queue.blocks)} of ${queue.limit} blocks` : NO_FIGURE,
      hint: 'When it is full, newer blocks are not measured. Recordings have them.',
      alarm: queue !== undefined && queue.blocks > BUSY_SHARE * queue.limit,
    },
    counter('link-dropped', 'Not measured', dropped, { alarm: true }),
    { id: 'link-disk', name: 'For the disk', value: bytes, unit: 'bytes', text: formatBytes(bytes) },
    {
      id: 'link-ring',
      name: 'Kept by the node',
      value: ring?.heldSeconds,
      unit: 's',
      text: ring ? `${formatDuration(ring.heldSeconds)} of ${formatDuration(ring.seconds)}` : 'nothing',
      hint: ring
        ? `What it can send again, in its ${ring.kind === 'disk' ? 'ring on the disk' : 'memory'}.${ring.message ? ` ${ring.message}` : ''}`
        : 'The node keeps no sound: what is lost on the way cannot be had again.',
      alarm: ring?.message !== undefined,
    },
    {
      id: 'link-pending-age',
      name: 'Oldest to refill',
      value: age,
      unit: 's',
      text: age === undefined ? NO_FIGURE : `${formatSpan(age)} ago`,
    },
  ]
}

function nodeOf({ capture, link: { health }, software }: NodeView, version: string): Figure[] {
  const { cpuPercent, memoryBytes, uptimeSeconds } = capture ?? {}
  return [
    counter('link-overruns', 'Capture overruns', capture?.overruns ?? 0, {
      alarm: true,
      hint: plural(capture?.overrunFrames ?? 0, 'frame'),
    }),
    counter('link-reopened', 'Device reopened', capture?.reopened ?? 0),
    {
      id: 'link-cpu',
      name: 'CPU',
      value: cpuPercent,
      unit: '%',
      text: cpuPercent === undefined ? NO_FIGURE : `${cpuPercent.toFixed(1)} %`,
      hint: 'Of one core.',
    },
    {
      id: 'link-memory',
      name: 'Memory',
      value: memoryBytes,
      unit: 'bytes',
      text: memoryBytes === undefined ? NO_FIGURE : formatBytes(memoryBytes),
    },
    lasting('link-uptime', 'Running for', uptimeSeconds),
    lasting('link-stream', 'Stream for', health?.streamSeconds),
    lasting('link-session', 'Connected for', health?.sessionSeconds),
    { id: 'link-software', name: 'Software', value: software, text: software ?? NO_FIGURE },
    { id: 'link-workstation', name: 'Workstation', value: version, text: version },
  ]
}

/** Every figure and every loss of a link: a row each. */
export function linkTable(groups: readonly FigureGroup[], { link }: NodeView): Table {
  return {
    columns: [{ title: 'Part' }, { title: 'Figure' }, { title: 'Value' }, { title: 'Unit' }, { title: 'At, UTC' }],
    rows: [
      ...groups.flatMap(({ title, figures }) =>
        figures.map(({ name, value, unit }) => [title, name, value, unit, undefined]),
      ),
      ...link.losses.map(({ sentence, frames, at }) => [
        'Loss',
        sentence,
        frames,
        'frames',
        new Date(at).toISOString(),
      ]),
    ],
  }
}

interface CounterChoices {
  /** Of frames that are counted: they are told as a time. */
  readonly rate?: number | undefined
  /** More than none is worth a colour. */
  readonly alarm?: boolean
  readonly hint?: string
}

function counter(id: string, name: string, value: number, { rate, alarm, hint }: CounterChoices = {}): Figure {
  const timed = rate !== undefined && value > 0
  return {
    id,
    name,
    value,
    unit: id in FRAMES ? 'frames' : 'times',
    text: timed ? formatSpan(value / rate) : formatCount(value),
    alarm: alarm === true && value > 0,
    ...(timed ? { hint: plural(value, 'frame') } : hint === undefined ? {} : { hint }),
  }
}

const FRAMES: Readonly<Record<string, true>> = {
  'link-missing': true,
  'link-repaired': true,
  'link-pending': true,
  'link-gone': true,
}

function time(id: string, name: string, ms: number | undefined, hint: string): Figure {
  return { id, name, value: ms, unit: 'ms', text: ms === undefined ? NO_FIGURE : `${formatLevel(ms)} ms`, hint }
}

function lasting(id: string, name: string, seconds: number | undefined): Figure {
  return { id, name, value: seconds, unit: 's', text: seconds === undefined ? NO_FIGURE : formatDuration(seconds) }
}

/** Never nothing: no clock is known exactly. */
function sayWithin(ms: number): string {
  return Math.max(0.1, ms).toFixed(1)
}

function sayOffset(ms: number): string {
  return Math.abs(ms) < 1000 ? `${formatSigned(ms)} ms` : `${formatSigned(ms / 1000, 2)} s`
}
