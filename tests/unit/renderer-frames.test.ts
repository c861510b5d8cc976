import { describe, expect, test } from 'vitest'
import { FRAME_GAP, type NodeReadings } from '#contract/frame.ts'
import { NO_LINK, type NodeView, type Presence } from '#contract/state.ts'
import { readingLength, slotAt, type StreamShape } from '#meters/meter.ts'
import { METERS, meterIndex } from '#meters/registry.ts'
import { FrameStore } from '#renderer/frames.ts'

const STEREO: StreamShape = { rate: 48_000, channels: 2 }
const LEVEL = meterIndex('level')
const LOUDNESS = meterIndex('loudness')

function node(key: number, presence: Presence = 'live', shape: StreamShape | null = STEREO): NodeView {
  return {
    key,
    address: `tcp://127.0.0.1:${5555 + key}`,
    name: `Node ${key}`,
    presence,
    ...(shape && { format: { format: 's32', ...shape } }),
    paused: false,
    choices: {},
    calibration: { state: 'none' },
    link: NO_LINK,
  }
}

/** A reading of every meter, with some slots set. */
function readings(
  key: number,
  capturedAt: number,
  values: Readonly<Record<string, readonly number[]>>,
  { shape = STEREO, flags = 0 } = {},
): NodeReadings {
  const all = METERS.map((meter) => {
    const layout = meter.layout(shape)
    const reading = new Float32Array(readingLength(layout)).fill(-Infinity)
    for (const { name } of layout) {
      const set = values[`${meter.id}.${name}`]
      if (set) reading.set(set, slotAt(layout, name).at)
    }
    return reading
  })
  return { key, flags, capturedAt, position: 0, missingFrames: 0, readings: all }
}

describe('frame store', () => {
  test('keeps the newest reading of each node and says which nodes have news', () => {
    const store = new FrameStore(METERS)
    store.setNodes([node(1), node(2)])
    store.takeNews()
    store.take({ time: 0, nodes: [readings(2, 5000, { 'loudness.momentary': [-23], 'level.rms': [-30, -20] })] })
    expect([...store.takeNews()]).toEqual([2])
    expect(store.hasNews).toBe(false)
    const track = store.track(2)!
    expect(track.capturedAt).toBe(5000)
    expect(track.momentary).toBe(-23)
    expect(track.rms).toBe(-20)
    expect(track.readings[LOUDNESS]).toHaveLength(readingLength(METERS[LOUDNESS]!.layout(STEREO)))
    expect(store.track(1)!.readings[LEVEL]).toBeUndefined()
  })

  test('keeps its own copy: the bytes of a frame may go after it was taken', () => {
    const store = new FrameStore(METERS)
    store.setNodes([node(1)])
    const sent = readings(1, 5000, { 'level.peak': [-6, -7] })
    store.take({ time: 0, nodes: [sent] })
    sent.readings[LEVEL]!.fill(0)
    const { at } = slotAt(METERS[LEVEL]!.layout(STEREO), 'peak')
    expect(store.track(1)!.readings[LEVEL]![at]).toBe(-6)
  })

  test('a reading of another shape is not taken', () => {
    const store = new FrameStore(METERS)
    store.setNodes([node(1)])
    store.take({
      time: 0,
      nodes: [readings(1, 5000, { 'level.peak': [-6] }, { shape: { rate: 48_000, channels: 1 } })],
    })
    expect(store.track(1)!.readings[LEVEL]).toBeUndefined()
  })

  test('readings of a former shape are gone when the shape changes', () => {
    const store = new FrameStore(METERS)
    store.setNodes([node(1)])
    store.take({ time: 0, nodes: [readings(1, 5000, {})] })
    store.setNodes([node(1, 'live', { rate: 44_100, channels: 2 })])
    expect(store.track(1)!.readings).toEqual([])
  })

  test('frames of unknown nodes and of nodes without a shape do no harm', () => {
    const store = new FrameStore(METERS)
    store.setNodes([node(1, 'connecting', null)])
    store.take({ time: 0, nodes: [readings(1, 5000, {}), readings(9, 5000, {})] })
    expect(store.track(1)!.readings[LEVEL]).toBeUndefined()
    expect(store.track(9)).toBeUndefined()
  })

  test('the history takes the peak of the loudest channel, and a gap flag is lost sound', () => {
    const store = new FrameStore(METERS)
    store.setNodes([node(1)])
    const values = { 'loudness.momentary': [-23], 'level.peak': [-9, -4] }
    store.take({ time: 0, nodes: [readings(1, 5000, values)] })
    store.take({ time: 0, nodes: [readings(1, 5500, values, { flags: FRAME_GAP })] })
    const { history } = store.track(1)!
    expect([...history.columns()[2]]).toEqual([-4, -4])
    expect(history.spans).toEqual([{ from: 5, to: 5.5, kind: 'lost' }])
  })

  test('a node that is no longer live is news, and so is every node when the connection goes', () => {
    const store = new FrameStore(METERS)
    store.setNodes([node(1), node(2)])
    store.takeNews()
    store.setNodes([node(1, 'lost'), node(2)])
    expect([...store.takeNews()]).toEqual([1])
    expect(store.track(1)!.live).toBe(false)
    store.silence()
    expect([...store.takeNews()]).toEqual([1, 2])
    expect(store.track(2)!.live).toBe(false)
  })

  test('a removed node is forgotten, and a key that now stands for another address begins anew', () => {
    const store = new FrameStore(METERS)
    store.setNodes([node(1), node(2)])
    store.take({ time: 0, nodes: [readings(1, 5000, {}), readings(2, 5000, {})] })
    store.setNodes([{ ...node(1), address: 'tcp://127.0.0.1:9000' }])
    expect(store.track(2)).toBeUndefined()
    expect(store.track(1)!.readings).toEqual([])
    expect(store.track(1)!.history.newest).toBe(-Infinity)
  })
})
