/**
 * Control messages between a workstation (DEALER) and a node (ROUTER): one JSON text a message, answers carry the id of
 * their request; the answer to a backfill is in backfill.ts. Field table: docs/wire.md. Times and positions are decimal strings, because JSON numbers stop at 2^53.
 */
import { fail, ok, type Result } from '#shared/result.ts'
import { readBackfillRequest, type BackfillRequest } from './backfill.ts'
import { isRecord, parseMeta, type NodeMeta } from './meta.ts'

export const MAX_CONTROL_BYTES = 4096

export type ControlRequest =
  | { readonly id: number; readonly op: 'hello' }
  /** `t1`: the asker's monotonic clock when it sent this, ns. */
  | { readonly id: number; readonly op: 'time'; readonly t1: string }
  | BackfillRequest

export interface TimeReply {
  /** As asked. */
  readonly t1: bigint
  /** The node's monotonic clock when the request came, ns. */
  readonly t2: bigint
  /** The node's monotonic clock when the answer left, ns. */
  readonly t3: bigint
  /** The node's UTC at `t3`, ns. */
  readonly utc: bigint
}

export type ControlReply =
  | { readonly id: number; readonly op: 'hello'; readonly meta: NodeMeta }
  | { readonly id: number; readonly op: 'time'; readonly time: TimeReply }
  | { readonly id: number; readonly op: 'error'; readonly message: string }

const NUMBER = /^\d{1,20}$/

/** For the node. An unknown version or operation is a fault whose message goes back to the asker. */
export function parseRequest(json: string, protocol: number): Result<ControlRequest> & { readonly id?: number } {
  const raw = parseObject(json)
  if (!raw) return fail('bad-command', 'A request must be one JSON object of at most 4096 bytes.')
  const id = typeof raw['id'] === 'number' && Number.isSafeInteger(raw['id']) ? raw['id'] : undefined
  if (id === undefined) return fail('bad-command', 'A request needs an integer "id".')
  if (raw['v'] !== protocol)
    return { ...fail('version-mismatch', `This node speaks wire version ${protocol}, not ${String(raw['v'])}.`), id }
  if (raw['op'] === 'hello') return ok({ id, op: 'hello' })
  if (raw['op'] === 'time' && typeof raw['t1'] === 'string' && NUMBER.test(raw['t1']))
    return ok({ id, op: 'time', t1: raw['t1'] })
  if (raw['op'] === 'backfill') return { ...readBackfillRequest(raw, id), id }
  const known = 'The operations are "hello", "time" (with "t1" as a decimal string) and "backfill".'
  return { ...fail('bad-command', known), id }
}

export function encodeReply(reply: ControlReply, protocol: number): string {
  const head = { v: protocol, id: reply.id, op: reply.op }
  if (reply.op === 'hello') return JSON.stringify({ ...head, meta: reply.meta })
  if (reply.op === 'error') return JSON.stringify({ ...head, message: reply.message })
  const { t1, t2, t3, utc } = reply.time
  return JSON.stringify({ ...head, t1: `${t1}`, t2: `${t2}`, t3: `${t3}`, utc: `${utc}` })
}

/** For the workstation. */
export function parseReply(json: string, protocol: number): Result<ControlReply> {
  let raw: unknown
  try {
    raw = JSON.parse(json)
  } catch {
    return fail('bad-packet', 'A control answer is not JSON.')
  }
  if (!isRecord(raw) || typeof raw['id'] !== 'number') return fail('bad-packet', 'A control answer has no id.')
  const id = raw['id']
  if (raw['op'] === 'error') return ok({ id, op: 'error', message: String(raw['message']).slice(0, 500) })
  if (raw['op'] === 'hello') {
    const meta = parseMeta(JSON.stringify(raw['meta'] ?? null), protocol)
    return meta.ok ? ok({ id, op: 'hello', meta: meta.value }) : meta
  }
  const times = [raw['t1'], raw['t2'], raw['t3'], raw['utc']]
  if (raw['op'] === 'time' && times.every((t) => typeof t === 'string' && NUMBER.test(t))) {
    const [t1, t2, t3, utc] = times.map((t) => BigInt(t as string)) as [bigint, bigint, bigint, bigint]
    return ok({ id, op: 'time', time: { t1, t2, t3, utc } })
  }
  return fail('bad-packet', 'A control answer is of an unknown kind.')
}

function parseObject(json: string): Record<string, unknown> | undefined {
  if (json.length > MAX_CONTROL_BYTES) return undefined
  try {
    const raw: unknown = JSON.parse(json)
    return isRecord(raw) ? raw : undefined
  } catch {
    return undefined
  }
}
