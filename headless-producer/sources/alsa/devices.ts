import { fail, ok, type Result } from '#shared/result.ts'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'

export interface AlsaDevice {
  /** As `--device` takes it. */
  readonly device: string
  readonly description: string
}

const LIST_MS = 5000
const CARDS = '/proc/asound/cards'

export const TOOL_MISSING = {
  code: 'tool-missing',
  message: 'The program arecord is not installed. Install alsa-utils (sudo apt install alsa-utils).',
} as const

/** Every capture device that ALSA names. Fault: `tool-missing`. */
export function listDevices(): Promise<Result<readonly AlsaDevice[]>> {
  const options = { env: { ...process.env, LC_ALL: 'C' }, timeout: LIST_MS }
  return new Promise((resolve) => {
    execFile('arecord', ['-L'], options, (error, stdout) => {
      if (error && error.code === 'ENOENT') resolve({ ok: false, fault: TOOL_MISSING })
      else if (error) resolve(fail('device-lost', 'ALSA could not list its devices.'))
      else resolve(ok(parseDevices(stdout)))
    })
  })
}

/** `arecord -L`: a name at the margin, its description indented on the lines below. */
export function parseDevices(text: string): readonly AlsaDevice[] {
  const devices: { device: string; description: string[] }[] = []
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) devices.push({ device: line.trim(), description: [] })
    else if (line.trim()) devices.at(-1)?.description.push(line.trim())
  }
  return devices.map(({ device, description }) => ({ device, description: description.join(', ') }))
}

/** What the sound card behind a device calls itself, as "Umik-1  Gain: 18dB"; undefined where the system does not tell. */
export async function cardName(device: string): Promise<string | undefined> {
  try {
    return findCard(device, await readFile(CARDS, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * `cards`: the text of /proc/asound/cards, two lines a card: ` 1 [U18dB          ]: USB-Audio - Umik-1  Gain: 18dB`.
 * A device names its card by number or id: `hw:1,0`, `plughw:CARD=U18dB,DEV=0`. One without (`default`, `pulse`) may lead anywhere.
 */
export function findCard(device: string, cards: string): string | undefined {
  const named = /^\w+:(?:CARD=)?([\w-]+)/.exec(device)?.[1]
  if (named === undefined) return undefined
  for (const [, number, id, name] of cards.matchAll(/^ *(\d+) \[(\S+) *\]: (?:.*? - )?(.*\S) *$/gm))
    if (named === number || named === id) return name
  return undefined
}
