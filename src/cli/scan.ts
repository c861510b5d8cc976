import type { Command } from './command.ts'
import { interfacesOf, printFault, printJson, secondsOf } from './command.ts'
import { openOwnScreen, openWorkstation } from './compose.ts'

export const scan: Command = {
  name: 'scan',
  summary: 'Look for nodes on the network.',
  usage: '[--timeout 2] [--json]',
  help: `  --timeout SECONDS   how long to look (2)
  --interface IP      look on this interface only; may be repeated (all)
  --json              one object a node

Ends with 0 also when no node was found.`,
  options: {
    timeout: { type: 'string' },
    interface: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  },

  async run(input) {
    const json = input.flag('json')
    const seconds = Math.min(Math.max(secondsOf(input, 'timeout') ?? 2, 0.2), 30)
    const station = await openWorkstation({ remember: false, verbose: false, scanInterfaces: interfacesOf(input) })
    const screen = openOwnScreen(station)
    const printed = new Set<string>()
    const print = (): void => {
      for (const node of screen.state?.scan.found ?? []) {
        if (printed.has(node.id)) continue
        printed.add(node.id)
        const { id, name, address, software } = node
        if (json) printJson({ id, name, address, software })
        else console.log(`${address.padEnd(28)} ${name}  (${software || 'unknown software'}, id ${id})`)
      }
    }
    const subscription = screen.onState(print)
    const result = await screen.call('scan', { seconds })
    print()
    await subscription.dispose()
    await station.dispose()
    if (!result.ok) {
      return printFault(result.fault, json)
    }
    if (printed.size === 0 && !json)
      console.error(
        `farfield: no node answered within ${seconds} s. Is farfield-node running in this network? An address can also be given directly.`,
      )
    return 0
  },
}
