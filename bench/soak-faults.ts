/** What happens to a place in a soak, one after the other. Each leaves it as it was. */
import { pass, type Place } from '../tests/support/lab/scene.ts'

export interface SoakFault {
  readonly name: string
  run(place: Place): Promise<void>
}

export const SOAK_FAULTS: readonly SoakFault[] = [
  {
    name: 'outage of 10 s',
    async run({ computer: { link } }) {
      await link.set({ up: false })
      await pass(10)
      await link.set({ up: true })
    },
  },
  {
    name: '5 % loss for 20 s',
    async run({ computer: { link } }) {
      await link.set({ loss: 0.05 })
      await pass(20)
      await link.set({ loss: 0 })
    },
  },
  {
    name: 'kill -9 of the node, 3 s',
    async run(place) {
      await place.node.stop('SIGKILL')
      await pass(3)
      await place.restart()
    },
  },
  {
    name: 'half the bitrate for 15 s',
    async run({ computer: { link } }) {
      await link.set({ rate: 768_000 })
      await pass(15)
      await link.set({ rate: 0 })
    },
  },
  {
    name: 'cable pulled at the node for 5 s',
    async run({ computer }) {
      computer.cable('down')
      await pass(5)
      computer.cable('up')
    },
  },
  {
    name: 'out of order, twice, 100 ms jitter for 15 s',
    async run({ computer: { link } }) {
      await link.set({ reorder: 0.1, duplicate: 0.1, jitter: 0.1 })
      await pass(15)
      await link.set({ reorder: 0, duplicate: 0, jitter: 0 })
    },
  },
  {
    name: 'flapping for 20 s',
    async run({ computer: { link } }) {
      for (let i = 0; i < 10; i++) {
        await link.set({ up: false })
        await pass(1)
        await link.set({ up: true })
        await pass(1)
      }
    },
  },
]
