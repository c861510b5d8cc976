/** Runs a program again where its network, mounts and processes are its own, and gone with it however it ends. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { childrenOf } from '../../../bench/process.ts'
import { ensureSystem } from '../../../scripts/system.mjs'

/** Set for the program inside. */
const INSIDE = 'FARFIELD_LAB'

/**
 * Resolves with undefined inside, where `lo` is up and nothing else is there; outside with the exit code of the program,
 * which was run inside meanwhile with the same arguments. `name` begins what is said on standard error.
 */
export async function enterLab(url: string, name: string): Promise<number | undefined> {
  if (process.env[INSIDE] !== undefined) {
    execFileSync('ip', ['link', 'set', 'lo', 'up'])
    return undefined
  }
  if (process.getuid?.() !== 0) {
    console.error(`${name}: it needs root to make networks of its own. Run it again with sudo.`)
    return 1
  }
  if (!ensureSystem()) return 1
  // A folder of its own for the names of namespaces: `ip netns` would leave them in that of the computer.
  const script = 'mkdir -p /run/netns && mount -t tmpfs netns /run/netns && exec "$@"'
  const own = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc']
  const command = [process.execPath, fileURLToPath(url), ...process.argv.slice(2)]
  const child = spawn('unshare', [...own, 'sh', '-c', script, 'sh', ...command], {
    stdio: 'inherit',
    env: { ...process.env, [INSIDE]: '1' },
  })
  // Ctrl+C goes to the whole group, and the one inside closes what it opened.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => {
    for (const inside of childrenOf(child.pid!)) process.kill(inside, 'SIGTERM')
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}
