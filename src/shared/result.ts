/**
 * Bad input from outside is data, not an exception: a `Result` with a stable code and one sentence that says what to
 * do. Exceptions are left for our own bugs.
 */

/** Stable names: scripts match on them, so a code is never renamed. */
export const FAULT_CODES = [
  'bad-address',
  'bad-argument',
  'bad-calibration',
  'bad-certificate',
  'bad-command',
  'bad-journal',
  'bad-metadata',
  'bad-packet',
  'bad-settings',
  'bad-wav',
  'busy',
  'connection-lost',
  'device-busy',
  'device-lost',
  'device-unknown',
  'disk-full',
  'disk-low',
  'disk-slow',
  'file-missing',
  'folder-unwritable',
  'format-unsupported',
  'internal',
  'link-slow',
  'login-required',
  'no-answer',
  'no-tone',
  'node-conflict',
  'not-a-node',
  'not-connected',
  'not-found',
  'port-in-use',
  'ring-ends',
  'scan-failed',
  'stopped',
  'tool-missing',
  'version-mismatch',
] as const

export type FaultCode = (typeof FAULT_CODES)[number]

export interface Fault {
  readonly code: FaultCode
  /** One or two plain sentences for the person: what happened, then what to do. No stack, no internals. */
  readonly message: string
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault }

export function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function fail(code: FaultCode, message: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { code, message } }
}
