/**
 * A proxy between a node and a workstation that mistreats blocks as it is told: the wire's own enemy, in userspace.
 * Metadata passes. Control requests are forwarded only when told to; else the workstation has to do without.
 */
import { Publisher, Subscriber } from 'zeromq'
import { decodeHeader } from '#wire/packet.ts'
import { relay, type Relay } from './relay.ts'

/** What to send in place of a block: nothing (lost), twice, or later with another one. */
export type Mischief = (sequence: bigint, packet: Buffer[]) => readonly Buffer[][]

export interface LossProxy {
  close(): void
}

export async function startLossProxy(
  nodePort: number,
  port: number,
  mischief: Mischief,
  options: { readonly control?: boolean } = {},
): Promise<LossProxy> {
  const control: Relay | undefined = options.control ? await relay(port + 1, nodePort + 1) : undefined
  const from = new Subscriber({ linger: 0, receiveHighWaterMark: 0 })
  const to = new Publisher({ linger: 0, sendHighWaterMark: 0 })
  await to.bind(`tcp://127.0.0.1:${port}`)
  from.subscribe('')
  from.connect(`tcp://127.0.0.1:${nodePort}`)
  const pump = async (): Promise<void> => {
    for (;;) {
      try {
        const packet = await from.receive()
        const header = packet.length === 3 ? decodeHeader(packet[1]!, packet[2]!.length) : undefined
        for (const out of header?.ok ? mischief(header.value.sequence, packet) : [packet]) await to.send(out)
      } catch (error) {
        if (from.closed) return
        throw error
      }
    }
  }
  void pump()
  return {
    close() {
      control?.close()
      from.close()
      to.close()
    },
  }
}
