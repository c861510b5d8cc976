/**
 * Meter readings on their way to a screen. A frame holds, for each node with news, its readings since the last frame.
 *
 * Bytes, little-endian:
 *   u32 magic `FFRM`, u32 node count, f64 host time (ms since 1970), then for each node
 *   u32 key, u32 flags, f64 captured at (UTC ms of the newest frame heard), f64 position (frames since the stream began),
 *   f64 frames missing since connect, u32 reading count, u32 0, then for each reading
 *   u32 meter (its place in the registry), u32 length, f32 × length; padded to 8 bytes.
 */

/** What was true at least once since the last frame that the screen took. */
export const FRAME_GAP = 1
export const FRAME_CALIBRATED = 2
export const FRAME_NOT_FINITE = 4

export interface NodeReadings {
  readonly key: number
  readonly flags: number
  readonly capturedAt: number
  readonly position: number
  readonly missingFrames: number
  /** Reading of each meter by its place in the registry; a meter without news is undefined. */
  readonly readings: readonly (Float32Array<ArrayBuffer> | undefined)[]
}

export interface Frame {
  readonly time: number
  readonly nodes: readonly NodeReadings[]
}

/** How a value of an older frame and the same value of a newer one become one, when the screen could not take the older. */
export type Merge = 'last' | 'max' | 'min' | 'sum'

/** Merge rules of one reading, as runs of values. */
export interface MergeRule {
  readonly length: number
  readonly merge: Merge
}

const MAGIC = 0x4d524646
const HEAD = 16
const NODE_HEAD = 40

export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  let size = HEAD
  for (const node of frame.nodes) {
    size += NODE_HEAD
    for (const r of node.readings) if (r) size += 8 + r.length * 4
    size = align8(size)
  }
  const buffer = new ArrayBuffer(size)
  const view = new DataView(buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, frame.nodes.length, true)
  view.setFloat64(8, frame.time, true)
  let at = HEAD
  for (const node of frame.nodes) {
    view.setUint32(at, node.key, true)
    view.setUint32(at + 4, node.flags, true)
    view.setFloat64(at + 8, node.capturedAt, true)
    view.setFloat64(at + 16, node.position, true)
    view.setFloat64(at + 24, node.missingFrames, true)
    view.setUint32(at + 32, node.readings.filter((r) => r).length, true)
    at += NODE_HEAD
    node.readings.forEach((reading, meter) => {
      if (!reading) return
      view.setUint32(at, meter, true)
      view.setUint32(at + 4, reading.length, true)
      new Float32Array(buffer, at + 8, reading.length).set(reading)
      at += 8 + reading.length * 4
    })
    at = align8(at)
  }
  return new Uint8Array(buffer)
}

/** Undefined for bytes that are not a frame. The readings are views into `bytes`. */
export function decodeFrame(bytes: Uint8Array<ArrayBuffer>): Frame | undefined {
  if (bytes.byteOffset % 8 !== 0) return decodeFrame(bytes.slice())
  const end = bytes.byteLength
  if (end < HEAD) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, end)
  if (view.getUint32(0, true) !== MAGIC) return undefined
  const nodes: NodeReadings[] = []
  let at = HEAD
  for (let n = view.getUint32(4, true); n > 0; n--) {
    if (at + NODE_HEAD > end) return undefined
    const head = at
    const readings: (Float32Array<ArrayBuffer> | undefined)[] = []
    at += NODE_HEAD
    for (let r = view.getUint32(head + 32, true); r > 0; r--) {
      if (at + 8 > end) return undefined
      const meter = view.getUint32(at, true)
      const length = view.getUint32(at + 4, true)
      if (meter > 255 || at + 8 + length * 4 > end) return undefined
      readings[meter] = new Float32Array(bytes.buffer, bytes.byteOffset + at + 8, length)
      at += 8 + length * 4
    }
    at = align8(at)
    nodes.push({
      key: view.getUint32(head, true),
      flags: view.getUint32(head + 4, true),
      capturedAt: view.getFloat64(head + 8, true),
      position: view.getFloat64(head + 16, true),
      missingFrames: view.getFloat64(head + 24, true),
      readings,
    })
  }
  return { time: view.getFloat64(8, true), nodes }
}

/** The newer reading, with what must survive of the older one merged in. A reading whose length changed replaces the older. */
export function mergeReading(
  rules: readonly MergeRule[],
  older: Float32Array<ArrayBuffer> | undefined,
  newer: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  if (!older || older.length !== newer.length) return newer
  const out = newer.slice()
  let i = 0
  for (const { length, merge } of rules) {
    const end = Math.min(i + length, out.length)
    if (merge === 'last') i = end
    else if (merge === 'max') for (; i < end; i++) out[i] = Math.max(older[i]!, out[i]!)
    else if (merge === 'min') for (; i < end; i++) out[i] = Math.min(older[i]!, out[i]!)
    else for (; i < end; i++) out[i]! += older[i]!
  }
  return out
}

/** `rules(key, meter)` gives the merge rules of a reading. Flags are kept from both, except that calibration is as it is now. */
export function mergeNode(
  rules: (key: number, meter: number) => readonly MergeRule[],
  older: NodeReadings | undefined,
  newer: NodeReadings,
): NodeReadings {
  if (!older) return newer
  const readings: (Float32Array<ArrayBuffer> | undefined)[] = []
  for (let m = 0; m < Math.max(older.readings.length, newer.readings.length); m++) {
    const now = newer.readings[m]
    readings[m] = now ? mergeReading(rules(newer.key, m), older.readings[m], now) : older.readings[m]
  }
  const sticky = older.flags & (FRAME_GAP | FRAME_NOT_FINITE)
  return { ...newer, flags: newer.flags | sticky, readings }
}

function align8(n: number): number {
  return (n + 7) & ~7
}
