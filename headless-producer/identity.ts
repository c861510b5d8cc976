import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * An id that stays the same over restarts: a hash of this machine and of where the node listens. machine-id(5) asks
 * not to be shown to the network as it is, hence the hash.
 */
export function defaultNodeId(endpoint: string): string {
  return createHash('sha256').update(`farfield-node ${machineId()} ${endpoint}`).digest('hex').slice(0, 12)
}

function machineId(): string {
  for (const path of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    try {
      const id = readFileSync(path, 'utf8').trim()
      if (id) return id
    } catch {
      // Not there: containers and other systems have none.
    }
  }
  return hostname()
}
