/** Packets that no reader may take, one of every kind that strangers, bugs and damage make. Repeatable by their seed. */
import type { BlockHeader } from '#wire/packet.ts'
import { HEADER, headerBytes } from './header.ts'
import { random } from './signals.ts'

type Parts = (string | Uint8Array)[]

const SHORT: BlockHeader = { ...HEADER, frames: 48 }
const SAMPLES = new Uint8Array(96).fill(7)

/** A header that is right in everything but what `spoil` does to it. */
const header = (spoil: (view: DataView) => void): Uint8Array => headerBytes(SHORT, spoil)

function noise(next: () => number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, () => Math.floor(next() * 256))
}

const nested = '['.repeat(2000)
const meta = (value: unknown): Parts => ['meta/attic/', JSON.stringify(value)]
const pcm = (spoil: (view: DataView) => void): Parts => ['pcm/attic/', header(spoil), SAMPLES]

/** For a subscriber: every one begins with a topic that it subscribes to, because ZeroMQ itself drops all others. */
const BROADCASTS: readonly ((next: () => number) => Parts)[] = [
  (next) => ['pcm/attic/', noise(next, 64), noise(next, 1 + Math.floor(next() * 400))],
  (next) => ['pcm/attic/', header(() => {}).subarray(0, Math.floor(next() * 64)), SAMPLES],
  () => pcm(() => {}), // Its CRC does not match.
  () => pcm((view) => view.setUint8(4, 9)), // Another version.
  () => pcm((view) => view.setUint8(5, 77)),
  () => pcm((view) => view.setUint8(6, 0)),
  () => pcm((view) => view.setUint16(8, 0xffff, true)),
  () => pcm((view) => view.setUint16(10, 4096, true)),
  () => pcm((view) => view.setUint32(12, 0, true)),
  () => pcm((view) => view.setUint32(56, 0, true)),
  () => pcm((view) => view.setUint32(56, 0xffff_ffff, true)),
  () => ['pcm/attic/', header(() => {})],
  () => ['pcm/attic/', header(() => {}), SAMPLES, SAMPLES],
  () => ['pcm/'],
  () => ['pcm/../../etc/passwd/', header(() => {}), SAMPLES],
  (next) => [Buffer.concat([Buffer.from('pcm/'), noise(next, 200)]), header(() => {}), SAMPLES],
  (next) => ['meta/attic/', noise(next, 1 + Math.floor(next() * 300))],
  () => ['meta/attic/', nested],
  () => ['meta/attic/', '{"protocol":1,"id":"attic"'],
  () => meta(null),
  () => meta({ protocol: 1 }),
  () => meta({ protocol: 1, id: '../attic', name: 'x', source: { state: 'running' } }),
  () => meta({ protocol: 1, id: 'cellar', name: 'x', source: { state: 'running' } }), // Not under its own topic.
  () => meta({ protocol: 1, id: 'attic', source: { state: 'on fire' } }),
  () => ['meta/attic/', '{"protocol":1,"__proto__":{"id":"attic","source":{"state":"running"}}}'],
  () => meta({ protocol: 1, id: 'attic', source: { state: 'running' }, stream: { id: 'x', rate: 1e99 } }),
]

/** For a node's control port. */
const REQUESTS: readonly ((next: () => number) => Parts)[] = [
  (next) => [noise(next, Math.floor(next() * 300))],
  () => [''],
  () => [nested],
  () => ['{"v":1,"id":1,"op":"tim'],
  () => ['{"v":1,"id":1,"op":"format-the-disk"}'],
  () => ['{"v":9,"id":1,"op":"hello"}'],
  () => ['{"v":1,"id":"one","op":"time","t1":"1"}'],
  () => ['{"v":1,"id":1,"op":"time","t1":"1e9"}'],
  () => ['{"v":1,"id":1,"op":"time","t1":99999999999999999999}'],
  () => ['{"v":1,"id":1,"op":"backfill"}'],
  () => ['{"v":1,"id":1,"op":"backfill","stream":"../../etc","from":"0","to":"1"}'],
  () => ['{"v":1,"id":1,"op":"backfill","stream":"0000000000000001","from":"9","to":"1"}'],
  () => ['{"v":1,"id":1,"op":"backfill","stream":"0000000000000001","from":"-1","to":"1"}'],
  () => ['{"v":1,"__proto__":{"id":1,"op":"hello"}}'],
]

export function malformedBroadcasts(count: number, seed: number): Parts[] {
  const next = random(seed)
  return Array.from({ length: count }, (_, i) => BROADCASTS[i % BROADCASTS.length]!(next))
}

export function malformedRequests(count: number, seed: number): Parts[] {
  const next = random(seed)
  return Array.from({ length: count }, (_, i) => REQUESTS[i % REQUESTS.length]!(next))
}
