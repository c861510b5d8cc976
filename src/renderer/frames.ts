/**
 * The newest reading of every node and meter, and each node's last minute. It lives outside React: a frame never causes
 * a render, the painter draws from here.
 */
import { FRAME_GAP, type Frame, type NodeReadings } from '#contract/frame.ts'
import type { NodeView } from '#contract/state.ts'
import { readingLength, slotAt, type MeterDefinition, type StreamShape } from '#meters/meter.ts'
import { History } from './last-minute/history.ts'
import { Holds } from './holds.ts'

/** Places of the figures that the node list and the history show, in readings of one shape. */
interface Places {
  readonly lengths: readonly number[]
  readonly momentary: Place
  readonly peak: Place
  readonly rms: Place
}

interface Place {
  readonly meter: number
  readonly at: number
  readonly length: number
}

/** What is known of one node's sound. Read-only for everybody but the store. */
export interface NodeTrack {
  readonly address: string
  readonly shape: StreamShape | undefined
  readonly live: boolean
  /** Newest reading by the meter's place in the registry. Each is overwritten by the next one of the same shape. */
  readonly readings: readonly (Float32Array | undefined)[]
  /** Capture time of the newest sound in them, ms since 1970. */
  readonly capturedAt: number
  /** Momentary loudness, LUFS, and RMS of the loudest channel, dBFS; -Infinity before the first. */
  readonly momentary: number
  readonly rms: number
  readonly history: History
  /** See Feed.memory. */
  readonly memory: Map<string, number>
  /** See Feed.held; of the present shape. */
  readonly holds: Holds
}

interface Track {
  address: string
  shape: StreamShape | undefined
  live: boolean
  places: Places | undefined
  readings: (Float32Array | undefined)[]
  capturedAt: number
  momentary: number
  rms: number
  history: History
  memory: Map<string, number>
  holds: Holds
}

export class FrameStore {
  readonly #meters: readonly MeterDefinition[]
  readonly #tracks = new Map<number, Track>()
  #news = new Set<number>()

  constructor(meters: readonly MeterDefinition[]) {
    this.#meters = meters
  }

  track(key: number): NodeTrack | undefined {
    return this.#tracks.get(key)
  }

  /** Nodes with something new since the last call. */
  takeNews(): ReadonlySet<number> {
    const news = this.#news
    this.#news = new Set()
    return news
  }

  get hasNews(): boolean {
    return this.#news.size > 0
  }

  /** Follows the state: which nodes there are, the shape of their sound, and whether it comes in now. */
  setNodes(nodes: readonly NodeView[]): void {
    const keys = new Set(nodes.map((node) => node.key))
    for (const key of this.#tracks.keys()) if (!keys.has(key)) this.#tracks.delete(key)
    for (const node of nodes) {
      let track = this.#tracks.get(node.key)
      // Keys are counted anew when the workstation restarts: the same key may be another node.
      if (!track || track.address !== node.address) {
        track = newTrack(node.address)
        this.#tracks.set(node.key, track)
      }
      const shape = node.format && { rate: node.format.rate, channels: node.format.channels }
      if (shape && !sameShape(track.shape, shape)) {
        track.shape = shape
        track.places = placesOf(this.#meters, shape)
        track.readings = []
        track.holds = new Holds()
      }
      const live = node.presence === 'live'
      if (track.live !== live) {
        track.live = live
        this.#news.add(node.key)
      }
    }
  }

  /** Nothing comes in any more: the connection is gone. What was metered stays readable. */
  silence(): void {
    for (const [key, track] of this.#tracks) {
      track.live = false
      this.#news.add(key)
    }
  }

  take(frame: Frame): void {
    for (const node of frame.nodes) {
      const track = this.#tracks.get(node.key)
      if (track) this.#takeNode(track, node)
    }
  }

  #takeNode(track: Track, node: NodeReadings): void {
    node.readings.forEach((reading, meter) => {
      // A reading of another shape is on its way while the format changes; the state brings the new one.
      if (!reading || reading.length !== track.places?.lengths[meter]) return
      const kept = track.readings[meter]
      if (kept) kept.set(reading)
      else track.readings[meter] = reading.slice()
      track.holds.take(meter, reading)
    })
    track.capturedAt = node.capturedAt
    this.#news.add(node.key)
    const { places } = track
    if (!places) return
    track.momentary = highest(node, places.momentary)
    track.rms = highest(node, places.rms)
    const lost = (node.flags & FRAME_GAP) !== 0
    track.history.push(node.capturedAt / 1000, track.momentary, highest(node, places.peak), lost)
  }
}

/** Of the values at a place; -Infinity where the meter has no news. */
function highest(node: NodeReadings, { meter, at, length }: Place): number {
  const reading = node.readings[meter]
  let value = -Infinity
  if (reading) for (let i = at; i < at + length; i++) value = Math.max(value, reading[i] ?? -Infinity)
  return value
}

function newTrack(address: string): Track {
  return {
    address,
    shape: undefined,
    live: false,
    places: undefined,
    readings: [],
    capturedAt: 0,
    momentary: -Infinity,
    rms: -Infinity,
    history: new History(),
    memory: new Map(),
    holds: new Holds(),
  }
}

export function sameShape(a: StreamShape | undefined, b: StreamShape | undefined): boolean {
  return a?.rate === b?.rate && a?.channels === b?.channels
}

function placesOf(meters: readonly MeterDefinition[], shape: StreamShape): Places {
  const layouts = meters.map((meter) => meter.layout(shape))
  const place = (id: string, slot: string): Place => {
    const meter = meters.findIndex((m) => m.id === id)
    return { meter, ...slotAt(layouts[meter] ?? [], slot) }
  }
  return {
    lengths: layouts.map((layout) => readingLength(layout)),
    momentary: place('loudness', 'momentary'),
    peak: place('level', 'peak'),
    rms: place('level', 'rms'),
  }
}
