/** Announces the node on the local network by DNS-SD (RFC 6763) as `_farfield._tcp`. A failure is a warning: addresses still work. */
import type { Disposable } from '#shared/lifecycle.ts'
import { PROTOCOL_VERSION } from '#wire/packet.ts'
import { SERVICE_TYPE } from '#wire/topics.ts'
import bonjour from 'bonjour-service'
import type { EventEmitter } from 'node:events'
import { networkInterfaces } from 'node:os'
import type { Log } from './log.ts'

export interface Announced {
  readonly id: string
  readonly name: string
  readonly software: string
  /** `tcp://host:port` that the node is bound to. */
  readonly url: string
}

export type Advertiser = Disposable

/** How long the goodbye may take. */
const GOODBYE_MS = 300
/** A DNS label holds 63 bytes (RFC 1035 section 2.3.4). */
const MAX_LABEL_BYTES = 63

/** How often the addresses of this computer are looked at: DHCP gives others now and then, and tells no program. */
const ADDRESSES_MS = 2000

/**
 * A node bound to every address announces itself on every IPv4 interface, loopback too, and on those that come later; a
 * node bound to one, only there.
 */
export function advertise(node: Announced, log: Log): Advertiser {
  const { hostname, port } = new URL(node.url.replace(/^tcp:/, 'http:'))
  const announced = new Map<string, (() => Promise<void>)[]>()
  const follow = (): void => {
    const addresses = interfacesFor(hostname)
    for (const [address, leave] of announced) {
      if (addresses.includes(address)) continue
      announced.delete(address)
      for (const one of leave) void one()
    }
    for (const address of addresses)
      if (!announced.has(address)) announced.set(address, announceOn(address, Number(port), node, log))
  }
  follow()
  const timer = setInterval(follow, ADDRESSES_MS)
  return {
    dispose: async () => {
      clearInterval(timer)
      await Promise.all([...announced.values()].flat().map((leave) => leave()))
    },
  }
}

function interfacesFor(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '[::]') return host.startsWith('[') ? [] : [host]
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((address) => address.family === 'IPv4')
    .map((address) => address.address)
}

/** Returns the way to say goodbye, or nothing when this interface refuses. */
function announceOn(address: string, port: number, node: Announced, log: Log): (() => Promise<void>)[] {
  const warn = (error: Error): void => log('warn', `not announced on ${address}: ${error.message}`)
  try {
    // Both options reach multicast-dns: `interface` joins the group there, `bind` lets its packets in.
    const options = { interface: address, bind: '0.0.0.0' } as object
    const responder = new bonjour.Bonjour(options, warn)
    // Nobody in bonjour-service listens for this one, and an error event without a listener ends the process.
    const { mdns } = (responder as unknown as { server: { mdns: EventEmitter } }).server
    mdns.on('error', warn)
    responder.publish({
      name: serviceName(node),
      type: SERVICE_TYPE,
      protocol: 'tcp',
      port,
      txt: { id: node.id, v: `${PROTOCOL_VERSION}`, sw: node.software, name: node.name },
      // The id in the name makes it the node's own, and asking first would print to standard output on a clash.
      probe: false,
    })
    return [
      () =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, GOODBYE_MS)
          responder.unpublishAll(() => {
            responder.destroy(() => {
              clearTimeout(timer)
              resolve()
            })
          })
        }),
    ]
  } catch (error) {
    warn(error as Error)
    return []
  }
}

/** `attic (0123456789ab)`: readable and unique, cut to what DNS allows. */
function serviceName({ name, id }: Announced): string {
  const tail = ` (${id.slice(0, 12)})`
  let head = name.replaceAll('.', ' ')
  while (Buffer.byteLength(head + tail) > MAX_LABEL_BYTES) head = head.slice(0, -1)
  return head + tail
}
