/** Links and disks that can be made bad, for the scenes. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import type { Closing } from '../tests/support/closing.ts'
import { startLossProxy } from '../tests/support/loss-proxy.ts'
import { freePortPair } from '../tests/support/node-process.ts'
import { relay } from '../tests/support/relay.ts'

export interface Cable {
  readonly url: string
  cut(): void
  mend(): void
}

/** Between workstation and node, for sound and for control. */
export async function cable(closing: Closing, nodePort: number): Promise<Cable> {
  const port = await freePortPair()
  const wires = [await relay(port, nodePort), await relay(port + 1, nodePort + 1)]
  closing.defer(() => wires.forEach((wire) => wire.close()))
  return {
    url: `tcp://127.0.0.1:${port}`,
    cut: () => wires.forEach((wire) => wire.cut()),
    mend: () => wires.forEach((wire) => wire.mend()),
  }
}

export interface LeakyLink {
  readonly url: string
  /** While true, blocks are lost. */
  leaks: boolean
}

/** Loses blocks when told to. `refills`: the node can be asked for them. */
export async function leakyLink(closing: Closing, nodePort: number, refills: boolean): Promise<LeakyLink> {
  const port = await freePortPair()
  const link: LeakyLink = { url: `tcp://127.0.0.1:${port}`, leaks: false }
  const proxy = await startLossProxy(
    nodePort,
    port,
    (sequence, packet) => (link.leaks && sequence % 50n < 12n ? [] : [packet]),
    { control: refills },
  )
  closing.defer(() => proxy.close())
  return link
}

/** The address of somebody who takes calls and never says a word. */
export async function silentAddress(closing: Closing): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.defer(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `127.0.0.1:${(server.address() as { port: number }).port}`
}

/** A disk of `megabytes` mounted at `folder`; needs root. */
export async function smallDisk(closing: Closing, folder: string, megabytes: number): Promise<string> {
  await mkdir(folder, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'farfield-pictures', folder])
  closing.defer(() => execFileSync('umount', ['--lazy', folder]))
  return folder
}
