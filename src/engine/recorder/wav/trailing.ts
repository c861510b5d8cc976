/** Chunks behind the sound: markers (`cue ` with labels in `LIST adtl`) and iXML, which holds what does not fit into bext. */
import { describeFormat, type StreamFormat } from '#shared/pcm.ts'
import type { WavInfo } from './bext.ts'

export interface WavMarker {
  /** Frames from the beginning of the file. */
  readonly frame: number
  readonly label: string
}

/** Positions of `cue ` have 32 bits; markers behind them are in the certificate alone. */
const MAX_FRAME = 0xffffffff
/** Of markers and of one label: what other programs still show, and a bound. */
const MAX_MARKERS = 10_000
const MAX_LABEL = 1000

/** All chunks, or an empty buffer. Each begins at an even place if the first does. */
export function trailing(format: StreamFormat, info: WavInfo | undefined, markers: readonly WavMarker[]): Buffer {
  const held = markers.filter((m) => m.frame <= MAX_FRAME).slice(0, MAX_MARKERS)
  return Buffer.concat([
    ...(held.length > 0 ? [chunk('cue ', cues(held)), chunk('LIST', labels(held))] : []),
    ...(info ? [chunk('iXML', Buffer.from(ixml(format, info)))] : []),
  ])
}

function chunk(id: string, body: Buffer): Buffer {
  const head = Buffer.from(`${id}\0\0\0\0`, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length & 1)])
}

function cues(markers: readonly WavMarker[]): Buffer {
  const out = Buffer.alloc(4 + 24 * markers.length)
  out.writeUInt32LE(markers.length, 0)
  for (const [i, { frame }] of markers.entries()) {
    const at = 4 + 24 * i
    out.writeUInt32LE(i + 1, at)
    out.writeUInt32LE(frame, at + 4)
    out.write('data', at + 8, 'latin1')
    out.writeUInt32LE(frame, at + 20)
  }
  return out
}

function labels(markers: readonly WavMarker[]): Buffer {
  const parts = markers.map(({ label }, i) => {
    const id = Buffer.alloc(4)
    id.writeUInt32LE(i + 1, 0)
    return chunk('labl', Buffer.concat([id, Buffer.from(`${label.slice(0, MAX_LABEL).replaceAll('\0', ' ')}\0`)]))
  })
  return Buffer.concat([Buffer.from('adtl', 'latin1'), ...parts])
}

/** iXML 2.10: what other recorders write, in UTF-8. */
function ixml(format: StreamFormat, info: WavInfo): string {
  const tracks = Array.from(
    { length: format.channels },
    (_, i) =>
      `<TRACK><CHANNEL_INDEX>${i + 1}</CHANNEL_INDEX><INTERLEAVE_INDEX>${i + 1}</INTERLEAVE_INDEX><NAME>${escape(info.node.name)} ${i + 1}</NAME></TRACK>`,
  )
  const note = `${describeFormat(format)}; calibration: ${info.calibration ?? 'none'}`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<BWFXML>',
    '<IXML_VERSION>2.10</IXML_VERSION>',
    `<PROJECT>${escape(info.program)}</PROJECT>`,
    `<TAPE>${escape(info.node.name)}</TAPE>`,
    `<NOTE>${escape(note)}</NOTE>`,
    `<FILE_UID>${escape(info.take)}</FILE_UID>`,
    `<SPEED><FILE_SAMPLE_RATE>${format.rate}</FILE_SAMPLE_RATE></SPEED>`,
    `<TRACK_LIST><TRACK_COUNT>${format.channels}</TRACK_COUNT>${tracks.join('')}</TRACK_LIST>`,
    '</BWFXML>',
    '',
  ].join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML 1.0 holds no control characters and no half characters, however they are written. */
function escape(value: string): string {
  return value
    .toWellFormed()
    .replace(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu, '?')
    .replace(/[&<>"]/g, (c) => ENTITIES[c]!)
}
