/**
 * Topics and addresses. ZeroMQ matches topics by prefix, so every topic ends with a slash:
 * without it, node `ab` would also receive what is meant for node `abc`.
 */
import { fail, ok, type Result } from '#shared/result.ts'

export const DEFAULT_PORT = 5555
export const PCM_PREFIX = 'pcm/'
export const META_PREFIX = 'meta/'
/** DNS-SD service type, without the underscores: `_farfield._tcp`. */
export const SERVICE_TYPE = 'farfield'

const NODE_ID = /^[a-z0-9][a-z0-9-]{0,62}$/

/** Node ids are 1 to 63 lower-case letters, digits and hyphens: safe in a topic, a folder name and a URL. */
export function isNodeId(value: unknown): value is string {
  return typeof value === 'string' && NODE_ID.test(value)
}

export function pcmTopic(nodeId: string): string {
  return `${PCM_PREFIX}${nodeId}/`
}

export function metaTopic(nodeId: string): string {
  return `${META_PREFIX}${nodeId}/`
}

/** The node id of a topic, or undefined for a topic that is not ours. */
export function nodeIdOfTopic(topic: string): { kind: 'pcm' | 'meta'; nodeId: string } | undefined {
  const kind = topic.startsWith(PCM_PREFIX) ? 'pcm' : topic.startsWith(META_PREFIX) ? 'meta' : undefined
  if (!kind || !topic.endsWith('/')) return undefined
  const nodeId = topic.slice(kind.length + 1, -1)
  return isNodeId(nodeId) ? { kind, nodeId } : undefined
}

/** The two URLs of one node: PUB for sound and metadata, ROUTER for control on the next port. */
export interface NodeEndpoint {
  readonly pub: string
  readonly control: string
}

/**
 * Reads what a person types: `pi.local`, `192.0.2.7:6000`, `[fe80::1]:5555`, `tcp://pi:5555`, `inproc://demo`.
 * The port defaults to 5555. Fault: `bad-address`.
 */
export function parseAddress(text: string): Result<NodeEndpoint> {
  const typed = text.trim()
  const inproc = /^inproc:\/\/([\w.-]{1,100})$/.exec(typed)
  if (inproc) return ok({ pub: typed, control: `${typed}-control` })
  const match = /^(?:tcp:\/\/)?(\[[0-9a-fA-F:.]+(?:%[\w.-]+)?\]|[\w.-]{1,253})(?::(\d{1,5}))?\/?$/.exec(typed)
  if (!match || !/[0-9a-zA-Z]/.test(match[1]!))
    return fail(
      'bad-address',
      `"${clip(typed)}" is not an address. Write a host with an optional port, such as attic.local or 192.168.1.20:5555.`,
    )
  const host = match[1]!.toLowerCase()
  const port = match[2] === undefined ? DEFAULT_PORT : Number(match[2])
  if (port < 1 || port > 65534)
    return fail(
      'bad-address',
      `Port ${match[2]} cannot be used. Choose one from 1 to 65534 (the next one is used too).`,
    )
  if (/^[\d.]+$/.test(host) && !isIpv4(host))
    return fail('bad-address', `"${clip(host)}" is not a complete IPv4 address. Write four numbers from 0 to 255.`)
  // One name for one place, so that a node is not added twice.
  const place = host === 'localhost' ? '127.0.0.1' : host
  return ok({ pub: `tcp://${place}:${port}`, control: `tcp://${place}:${port + 1}` })
}

function isIpv4(host: string): boolean {
  const parts = host.split('.')
  return parts.length === 4 && parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) <= 255)
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
