/**
 * What the workstation remembers. One JSON file, written whole to a neighbour and renamed, so a crash leaves the old
 * one or the new one. A file that cannot be read is set aside, never overwritten.
 */
import { open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { recordingChoices } from '#contract/commands.ts'
import type { RecordingChoices } from '#contract/state.ts'
import type { Fault } from '#shared/result.ts'
import { parseMicrophone, type MicrophoneRecord } from './calibration-store.ts'
import { recall, type Chosen } from './choices.ts'
import { makeFolder } from './folder.ts'

export interface RememberedNode {
  readonly address: string
  readonly id?: string
  readonly name?: string
  readonly connected: boolean
  /** A calibration file loaded at the workstation; it wins over the node's own. */
  readonly calibration?: { readonly file: string; readonly text: string }
  /** What was chosen about its meters. */
  readonly choices?: Chosen
}

export interface Settings {
  readonly recordingFolder: string
  /** How takes are begun. Absent until chosen. */
  readonly recording?: RecordingChoices
  /** Other folders that were recorded to, newest first: a crash may have left takes there. */
  readonly takeFolders?: readonly string[]
  readonly nodes: readonly RememberedNode[]
  /** Absent until something is known of one. */
  readonly microphones?: readonly MicrophoneRecord[]
  /** The browser host's password, as it hashed it; this file only keeps it. */
  readonly password?: unknown
}

export class SettingsFile {
  readonly path: string
  #value: Settings
  #writing: Promise<Fault | undefined> = Promise.resolve(undefined)
  #version = 0

  private constructor(path: string, value: Settings) {
    this.path = path
    this.#value = value
  }

  /** Opens or begins the file in `folder`. The fault says that an unreadable file was set aside. */
  static async open(folder: string, defaults: Settings): Promise<{ settings: SettingsFile; fault?: Fault }> {
    const path = join(folder, 'settings.json')
    try {
      const value = parse(await readFile(path, 'utf8'), defaults)
      if (value) return { settings: new SettingsFile(path, value) }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'ENOTDIR') return { settings: new SettingsFile(path, defaults) }
    }
    const aside = join(folder, `settings.unreadable-${Date.now()}.json`)
    await rename(path, aside).catch(() => undefined)
    const message = `The settings could not be read and were begun anew. The old file was kept as ${aside}.`
    return { settings: new SettingsFile(path, defaults), fault: { code: 'bad-settings', message } }
  }

  get value(): Settings {
    return this.#value
  }

  /** Changes take effect at once and reach the disk soon. Rejects never; `saved` tells. */
  set(change: Partial<Settings>): void {
    this.#value = { ...this.#value, ...change }
    const version = ++this.#version
    this.#writing = this.#writing.then(async () => {
      // A later change is about to be written anyway.
      return version === this.#version ? this.#write() : undefined
    })
  }

  /** Resolves when everything set so far is on the disk, or with the fault why it is not. */
  saved(): Promise<Fault | undefined> {
    return this.#writing
  }

  async #write(): Promise<Fault | undefined> {
    const next = `${this.path}.new`
    try {
      await makeFolder(dirname(this.path))
      // The password hash is in here: nobody else's business.
      const file = await open(next, 'w', 0o600)
      try {
        await file.writeFile(JSON.stringify(this.#value, undefined, 2))
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(next, this.path)
      return undefined
    } catch (error) {
      const fault: Fault = {
        code: 'folder-unwritable',
        message: `The settings could not be saved in ${dirname(this.path)} (${(error as NodeJS.ErrnoException).code ?? String(error)}). They last until Farfield is closed.`,
      }
      this.onFailure?.(fault)
      return fault
    }
  }

  /** Told when a change could not be saved. */
  onFailure: ((fault: Fault) => void) | undefined
}

function parse(text: string, defaults: Settings): Settings | undefined {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(raw)) return undefined
  const { recordingFolder, takeFolders, nodes, microphones, password } = raw
  const recording = recordingChoices(raw['recording'])
  return {
    recordingFolder:
      typeof recordingFolder === 'string' && recordingFolder ? recordingFolder : defaults.recordingFolder,
    ...(recording ? { recording } : {}),
    ...(Array.isArray(takeFolders) ? { takeFolders: takeFolders.filter((f) => typeof f === 'string') } : {}),
    nodes: Array.isArray(nodes) ? nodes.flatMap(parseNode) : defaults.nodes,
    ...(Array.isArray(microphones) ? { microphones: microphones.flatMap(parseMicrophone) } : {}),
    ...(password === undefined ? {} : { password }),
  }
}

function parseNode(raw: unknown): RememberedNode[] {
  if (!isRecord(raw) || typeof raw['address'] !== 'string') return []
  const calibration = raw['calibration']
  const choices = recall(raw['choices'])
  return [
    {
      address: raw['address'],
      connected: raw['connected'] === true,
      ...(typeof raw['id'] === 'string' ? { id: raw['id'] } : {}),
      ...(typeof raw['name'] === 'string' ? { name: raw['name'] } : {}),
      ...(isRecord(calibration) && typeof calibration['file'] === 'string' && typeof calibration['text'] === 'string'
        ? { calibration: { file: calibration['file'], text: calibration['text'] } }
        : {}),
      ...(Object.keys(choices).length > 0 ? { choices } : {}),
    },
  ]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
