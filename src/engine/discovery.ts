/**
 * Looks for nodes by DNS-SD (`_farfield._tcp`), on every interface at once. kill -9 sends no goodbye, so what is found
 * is only a place to try; whether a node lives is told by its session.
 */
import { BlockList, isIPv4 } from 'node:net'
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { Bonjour, type Service } from 'bonjour-service'
import { fail, ok, type Result } from '#shared/result.ts'
import type { FoundNode } from '#contract/state.ts'
import { text } from '#wire/meta.ts'
import { isNodeId, SERVICE_TYPE } from '#wire/topics.ts'

/** More answers than this are not a studio but an attack. */
const MAX_FOUND = 256

/**
 * Scans for `seconds`, calling `found` for each node as it answers (again when it answers on another interface).
 * `interfaces`: IPv4 addresses to look on; all of this computer's when empty. Fault: `scan-failed`.
 */
export async function scan(
  seconds: number,
  interfaces: readonly string[],
  found: (node: FoundNode) => void,
): Promise<Result<null>> {
  const own = ownInterfaces()
  const strange = interfaces.find((address) => !own.some((i) => i.address === address))
  if (strange !== undefined)
    return fail('scan-failed', `This computer has no network interface with the address ${strange}.`)
  const chosen = interfaces.length > 0 ? own.filter((i) => interfaces.includes(i.address)) : own
  const networks = new BlockList()
  for (const { address, cidr } of chosen) networks.addSubnet(address, Number(cidr?.split('/')[1] ?? 32))
  const errors: string[] = []
  const seen = new Set<string>()
  const browsers = chosen.flatMap(({ address }) => {
    try {
      // Queries leave by the given interface; the socket hears every answer that any of them brings.
      const options = { interface: address, bind: '0.0.0.0', reuseAddr: true } as object
      const bonjour = new Bonjour(options, (error: Error) => errors.push(error.message))
      bonjour.find({ type: SERVICE_TYPE, protocol: 'tcp' }, (service) => {
        const sender = service.referer?.address
        if (interfaces.length > 0 && !(sender && networks.check(sender))) return
        const node = read(service)
        if (!node || seen.size >= MAX_FOUND || seen.has(`${node.id} ${node.address}`)) return
        seen.add(`${node.id} ${node.address}`)
        found(node)
      })
      return [bonjour]
    } catch (error) {
      errors.push(error instanceof Error ? error.message : String(error))
      return []
    }
  })
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  for (const browser of browsers) browser.destroy()
  if (browsers.length === 0 || errors.length >= chosen.length)
    return fail(
      'scan-failed',
      `The network could not be searched (${errors[0] ?? 'no network interface'}). Enter the address of the node instead.`,
    )
  return ok(null)
}

/** Addresses of this computer on the networks that `host`, an IPv4 address, is on. */
export function interfacesToward(host: string): string[] {
  const towards = ownInterfaces().filter(({ address, cidr }) => {
    const network = new BlockList()
    network.addSubnet(address, Number(cidr?.split('/')[1] ?? 32))
    return network.check(host)
  })
  return towards.map(({ address }) => address)
}

/** Those of this computer with an IPv4 address, loopback included: a node on the same computer is found too. */
function ownInterfaces(): NetworkInterfaceInfo[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).filter((i) => i.family === 'IPv4'))
}

function read(service: Service): FoundNode | undefined {
  const txt = (service.txt ?? {}) as Record<string, unknown>
  const id = typeof txt['id'] === 'string' ? txt['id'] : undefined
  if (!isNodeId(id) || !(service.port > 0 && service.port < 65535)) return undefined
  const host = hostOf(
    (service.addresses ?? []).filter((a) => isIPv4(a)),
    service.referer?.address,
  )
  if (!host) return undefined
  return {
    id,
    name: text(txt['name'], 100) || text(service.name, 100) || id,
    address: `tcp://${host}:${service.port}`,
    software: text(txt['sw'], 100),
  }
}

/**
 * A node names all its addresses, some of which may lead nowhere from here; the one it answered from has just been seen
 * to work. Loopback is never named. An answer from an address that is not the node's came through a reflector.
 */
function hostOf(named: readonly string[], sender: string | undefined): string | undefined {
  if (sender !== undefined && (named.includes(sender) || sender.startsWith('127.'))) return sender
  return named[0] ?? sender
}
