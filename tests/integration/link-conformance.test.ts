/** One suite for every carrier of a link: what holds over a message port holds over a WebSocket. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { FRAME_GAP, FRAME_NOT_FINITE, type Frame } from '#contract/frame.ts'
import type { Link } from '#contract/link.ts'
import { openScreen, type Screen } from '#contract/open.ts'
import { MAX_PENDING_CALLS, serveScreen } from '#contract/serve.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { BenchHost, nodeView, readings, refusal } from '../support/bench-host.ts'
import { portCarrier, socketCarrier, type Carrier, type Wire } from '../support/links.ts'

const CARRIERS: [string, () => Promise<Carrier>][] = [
  ['message port', () => portCarrier(false)],
  ['message port as in Electron’s main process', () => portCarrier(true)],
  ['WebSocket through the browser host', socketCarrier],
]

function collect(link: Link): (string | Uint8Array)[] {
  const got: (string | Uint8Array)[] = []
  link.onMessage((message) => got.push(message))
  return got
}

describe.each(CARRIERS)('%s', (_, make) => {
  let carrier: Carrier
  beforeAll(async () => {
    carrier = await make()
  })
  afterAll(() => carrier.dispose())

  describe('carries', () => {
    it('messages both ways, whole, once and in order', async () => {
      const { screen, host } = await carrier.connect()
      const [atHost, atScreen] = [collect(host), collect(screen)]
      const sent = Array.from({ length: 250 }, (_, i) => `${i} ${'é'.repeat(i % 50)}`)
      for (const message of sent) screen.send(message)
      for (const message of sent) host.send(message)
      await vi.waitFor(() => expect([atHost.length, atScreen.length]).toEqual([250, 250]))
      expect(atHost).toEqual(sent)
      expect(atScreen).toEqual(sent)
    })

    it('text as text and bytes as bytes of their own, whatever buffer they were a part of', async () => {
      const { screen, host } = await carrier.connect()
      const got = collect(screen)
      collect(host)
      const pool = new Uint8Array(64).map((_, i) => i)
      host.send('[1]')
      host.send(pool.subarray(3, 11))
      host.send(new Uint8Array(0))
      host.send('')
      await vi.waitFor(() => expect(got.length).toBe(4))
      expect(got[0]).toBe('[1]')
      expect(got[1]).toBeInstanceOf(Uint8Array)
      expect([...(got[1] as Uint8Array)]).toEqual([3, 4, 5, 6, 7, 8, 9, 10])
      expect((got[1] as Uint8Array).buffer.byteLength).toBe(8)
      expect(got[2]).toHaveLength(0)
      expect(got[3]).toBe('')
      expect([...pool.subarray(0, 4)]).toEqual([0, 1, 2, 3])
    })

    it('big messages', async () => {
      const { screen, host } = await carrier.connect()
      const [atHost, atScreen] = [collect(host), collect(screen)]
      const text = 'x'.repeat(3 << 20)
      const bytes = new Uint8Array(8 << 20).map((_, i) => i * 7)
      screen.send(text)
      host.send(bytes)
      await vi.waitFor(() => expect([atHost.length, atScreen.length]).toEqual([1, 1]))
      expect(atHost[0] === text).toBe(true)
      expect(Buffer.compare(atScreen[0] as Uint8Array, bytes)).toBe(0)
    })

    it('the end, once, to both sides and to those who ask late', async () => {
      for (const side of ['screen', 'host'] as const) {
        const wire = await carrier.connect()
        const ends = { screen: 0, host: 0, late: 0 }
        collect(wire.screen)
        const atHost = collect(wire.host)
        wire.screen.onClose(() => ends.screen++)
        wire.host.onClose(() => ends.host++)
        wire[side].close()
        expect(ends[side]).toBe(1)
        await vi.waitFor(() => expect(ends).toEqual({ screen: 1, host: 1, late: 0 }))
        wire[side].close()
        wire.screen.send('after the end')
        wire.host.send('after the end')
        wire.screen.onClose(() => ends.late++)
        wire.host.onClose(() => ends.late++)
        const next = await carrier.connect()
        await roundTrip(next)
        expect(ends).toEqual({ screen: 1, host: 1, late: 2 })
        expect(atHost).toEqual([])
      }
    })
  })

  describe('serves', () => {
    const open = async (host = new BenchHost()): Promise<{ host: BenchHost; wire: Wire; screen: Screen }> => {
      const wire = await carrier.connect((link) => serveScreen(link, host))
      return { host, wire, screen: openScreen(wire.screen) }
    }
    const states = (screen: Screen): string[][] => {
      const changes: string[][] = []
      let last = {} as Record<string, unknown>
      screen.onState(() => {
        const now = screen.state as unknown as Record<string, unknown>
        changes.push(Object.keys(now).filter((slice) => now[slice] !== last[slice]))
        last = now
      })
      return changes
    }

    it('the whole state first, then only the slices that changed', async () => {
      const { host, screen } = await open()
      const changes = states(screen)
      await vi.waitFor(() => expect(screen.state).toEqual(host.state()))
      host.withNodes(1)
      await vi.waitFor(() => expect(screen.state?.nodes).toEqual([nodeView(1)]))
      host.withNodes(1)
      host.change({
        settings: {
          recordingFolder: '/other',
          recording: { preRoll: 0, split: null, namePattern: '', perNodeFolders: false },
        },
      })
      await vi.waitFor(() => expect(screen.state?.settings.recordingFolder).toBe('/other'))
      expect(changes).toEqual([['about', 'nodes', 'scan', 'takes', 'notices', 'settings'], ['nodes'], ['settings']])
    })

    it('tells the host what a screen shows, in place of what it showed before, until it closes', async () => {
      const { host, screen, wire } = await open()
      const spectrum = (node: number) => ({ node, meters: ['spectrum'] })
      screen.watch([spectrum(1), spectrum(2)])
      await vi.waitFor(() => expect(host.watched).toEqual([[spectrum(1), spectrum(2)]]))
      screen.watch([spectrum(3)])
      await vi.waitFor(() => expect(host.watched).toEqual([[spectrum(3)]]))
      wire.screen.send(JSON.stringify({ t: 'watch', shown: 'all' }))
      const junk = [null, 'x', 4, { node: 4.5, meters: [] }, { node: 4 }, { node: 4, meters: [7] }, spectrum(4)]
      wire.screen.send(JSON.stringify({ t: 'watch', shown: junk }))
      await vi.waitFor(() => expect(host.watched).toEqual([[spectrum(4)]]))
      screen.close()
      await vi.waitFor(() => expect(host.watched).toEqual([]))
    })

    it('changes that come faster than a screen takes them as one', async () => {
      const { host, screen } = await open()
      const changes = states(screen)
      await vi.waitFor(() => expect(screen.state).toBeDefined())
      for (let i = 1; i <= 1000; i++) host.change({ scan: { running: true, found: [], endedAt: i } })
      await vi.waitFor(() => expect(screen.state?.scan.endedAt).toBe(1000))
      expect(changes.length).toBeLessThanOrEqual(3)
    })

    it('calls with their results and faults, each to its caller', async () => {
      const { host, screen } = await open()
      host.answer = async (name, args) =>
        name === 'node.add' ? ok({ key: (args as { address: string }).address.length }) : refusal
      const [a, b, refused, wrong] = await Promise.all([
        screen.call('node.add', { address: 'pi' }),
        screen.call('node.add', { address: 'attic' }),
        screen.call('node.connect', { node: 7 }),
        screen.call('scan', { seconds: 999 }),
      ])
      expect(a).toEqual(ok({ key: 2 }))
      expect(b).toEqual(ok({ key: 5 }))
      expect(refused).toEqual(refusal)
      expect(wrong).toMatchObject({ ok: false, fault: { code: 'bad-command' } })
      expect(host.calls.map((call) => call.name)).toEqual(['node.add', 'node.add', 'node.connect'])
    })

    it('the state that a command made before its answer', async () => {
      const { host, screen } = await open()
      host.answer = async () => {
        host.changeSilently({ nodes: [nodeView(3)] })
        return ok({ key: 3 })
      }
      await screen.call('node.add', { address: 'pi' })
      expect(screen.state?.nodes).toEqual([nodeView(3)])
    })

    it('a sentence where a handler throws, and goes on', async () => {
      const { host, screen } = await open()
      host.answer = () => Promise.reject(new Error('secret inside'))
      const result = await screen.call('scan', { seconds: 1 })
      expect(result).toMatchObject({ ok: false, fault: { code: 'internal' } })
      expect(JSON.stringify(result)).not.toContain('secret')
      expect(host.bugs).toHaveLength(1)
      host.answer = async () => ok(null)
      expect(await screen.call('scan', { seconds: 1 })).toEqual(ok(null))
    })

    it('a slow screen with the newest frame, the peaks and the flags of all, and holds one frame for it', async () => {
      const { host, screen } = await open()
      host.withNodes(1)
      const frames: Frame[] = []
      screen.onFrame((frame) => frames.push(frame))
      host.read(readings(1, [0, 0, 0, 1]))
      await vi.waitFor(() => expect(frames).toHaveLength(1))
      for (let i = 1; i <= 5000; i++)
        host.read(readings(1, [i, i === 77 ? 9 : -60, i === 99 ? -5 : 0, 1], i === 200 ? FRAME_GAP : 0))
      // A call's answer comes after all that was sent before it: no second frame was.
      await screen.call('scan', { seconds: 1 })
      expect(frames).toHaveLength(1)
      screen.ready()
      screen.ready()
      await vi.waitFor(() => expect(frames).toHaveLength(2))
      const [node] = frames[1]!.nodes
      expect(node).toMatchObject({ key: 1, flags: FRAME_GAP, position: 5000 * 480 })
      expect([...node!.readings[1]!]).toEqual([5000, 9, -5, 5000])
      host.read(readings(1, [5001, -60, 0, 1], FRAME_NOT_FINITE))
      screen.ready()
      await vi.waitFor(() => expect(frames).toHaveLength(3))
      expect(frames[2]!.nodes[0]!.flags).toBe(FRAME_NOT_FINITE)
      expect([...frames[2]!.nodes[0]!.readings[1]!]).toEqual([5001, -60, 0, 1])
    })

    it('no node that was removed while its frame waited', async () => {
      const { host, screen } = await open()
      host.withNodes(1, 2)
      const frames: Frame[] = []
      screen.onFrame((frame) => frames.push(frame))
      host.read(readings(1, [1, 0, 0, 0]), readings(2, [1, 0, 0, 0]))
      host.read(readings(1, [2, 0, 0, 0]), readings(2, [2, 0, 0, 0]))
      host.withNodes(2)
      host.read(readings(1, [3, 0, 0, 0]))
      await vi.waitFor(() => expect(frames).toHaveLength(1))
      screen.ready()
      await vi.waitFor(() => expect(frames).toHaveLength(2))
      expect(frames.map((frame) => frame.nodes.map((node) => node.key))).toEqual([[1, 2], [2]])
    })

    it('a screen that comes back with the whole state, and lets the old one go', async () => {
      const { host, screen } = await open()
      host.withNodes(4)
      await vi.waitFor(() => expect(screen.state?.nodes).toHaveLength(1))
      let release: (result: Result<unknown>) => void = () => {}
      host.answer = () => new Promise((resolve) => (release = resolve))
      const pending = screen.call('scan', { seconds: 1 })
      await vi.waitFor(() => expect(host.calls).toHaveLength(1))
      let ends = 0
      screen.onClose(() => ends++)
      screen.close()
      expect(await pending).toMatchObject({ ok: false, fault: { code: 'connection-lost' } })
      expect(await screen.call('scan', { seconds: 1 })).toMatchObject({ fault: { code: 'connection-lost' } })
      await vi.waitFor(() => expect(host.listeners).toBe(0))
      release(ok(null))
      expect([ends, screen.closed]).toEqual([1, true])
      const again = await open(host)
      await vi.waitFor(() => expect(again.screen.state).toEqual(host.state()))
    })

    it('two screens, each at its own pace', async () => {
      const host = new BenchHost()
      const [slow, fast] = [await open(host), await open(host)]
      host.withNodes(1)
      const seen = { slow: 0, fast: 0 }
      slow.screen.onFrame(() => seen.slow++)
      fast.screen.onFrame(() => {
        seen.fast++
        fast.screen.ready()
      })
      for (let i = 1; i <= 5; i++) {
        host.read(readings(1, [i, 0, 0, 0]))
        await vi.waitFor(() => expect(seen.fast).toBe(i))
      }
      await slow.screen.call('scan', { seconds: 1 })
      expect(seen).toEqual({ slow: 1, fast: 5 })
    })

    it('junk with silence or a fault, and goes on', async () => {
      const host = new BenchHost()
      const wire = await carrier.connect((link) => serveScreen(link, host))
      const replies = collect(wire.screen)
      await vi.waitFor(() => expect(replies).toHaveLength(1))
      const texts = ['', '{', 'null', '[]', '42', '"ack"', '{"t":"call"}', '{"t":"call","id":"1","name":"scan"}']
      for (const text of texts) wire.screen.send(text)
      for (const t of ['ack', 'seen', 'state', '__proto__'])
        for (let i = 0; i < 50; i++) wire.screen.send(`{"t":"${t}"}`)
      wire.screen.send(new Uint8Array([1, 2, 3]))
      wire.junk(Buffer.from([0xff, 0xfe]))
      const junk = [
        ['toString', {}],
        ['__proto__', {}],
        [7, null],
        ['scan', null],
        ['scan', { seconds: 'NaN' }],
        ['node.connect', { node: -1 }],
        ['record.start', { nodes: Array(300).fill(1) }],
        ['node.add', { address: 'a'.repeat(5000) }],
        ['calibration.load', { node: 1, file: 'f', text: 'x'.repeat((1 << 20) + 1) }],
      ]
      junk.forEach(([name, args], id) => wire.screen.send(JSON.stringify({ t: 'call', id, name, args })))
      const results = (): { id: number; result: Result<unknown> }[] =>
        replies.flatMap((text) => {
          const reply = JSON.parse(text as string) as { t: string; id: number; result: Result<unknown> }
          return reply.t === 'result' ? [reply] : []
        })
      await vi.waitFor(() => expect(results()).toHaveLength(junk.length))
      for (const { result } of results()) expect(result).toMatchObject({ ok: false, fault: { code: 'bad-command' } })
      expect(host.calls).toEqual([])
      expect(host.bugs).toEqual([])
      wire.screen.send('{"t":"call","id":99,"name":"scan","args":{"seconds":1}}')
      await vi.waitFor(() => expect(results().at(-1)).toEqual({ t: 'result', id: 99, result: ok(null) }))
    })

    it('a bounded number of calls at once, and says so for the rest', async () => {
      const { host, screen } = await open()
      const releases: ((result: Result<unknown>) => void)[] = []
      host.answer = () => new Promise((resolve) => releases.push(resolve))
      const calls = Array.from({ length: MAX_PENDING_CALLS + 3 }, () => screen.call('scan', { seconds: 1 }))
      const refused = await Promise.all(calls.slice(MAX_PENDING_CALLS))
      expect(refused.every((result) => !result.ok && result.fault.code === 'busy')).toBe(true)
      expect(releases).toHaveLength(MAX_PENDING_CALLS)
      for (const release of releases) release(fail('no-answer', 'Nobody.'))
      await Promise.all(calls)
      host.answer = async () => ok(null)
      expect(await screen.call('scan', { seconds: 1 })).toEqual(ok(null))
    })
  })
})

async function roundTrip({ screen, host }: Wire): Promise<void> {
  const [atHost, atScreen] = [collect(host), collect(screen)]
  screen.send('there')
  await vi.waitFor(() => expect(atHost).toEqual(['there']))
  host.send('back')
  await vi.waitFor(() => expect(atScreen).toEqual(['back']))
}
