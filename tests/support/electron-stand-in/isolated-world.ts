/**
 * Runs inside the page, in an isolated world, around the built preload. Its text is sent to Chromium, so it may use
 * nothing from outside itself.
 */
import type { Carried } from './ports.ts'

export const WORLD = 'Electron Isolated Context'
export const BINDING = '__electronStandIn'

/** From the page to the stand-in. */
export type FromPage =
  | { readonly t: 'ipc'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly t: 'port'; readonly port: number; readonly message: Carried }
  | { readonly t: 'port-closed'; readonly port: number }
  | { readonly t: 'preload-error'; readonly message: string }

/** From the stand-in to the page. */
export type ToPage =
  | {
      readonly t: 'ipc'
      readonly channel: string
      readonly args: readonly unknown[]
      readonly ports: readonly number[]
    }
  | { readonly t: 'port'; readonly port: number; readonly message: Carried }
  | { readonly t: 'port-close'; readonly port: number }

type Preload = (require: (name: string) => unknown, module: { exports: object }, exports: object) => void

/** `preload` is undefined where its file could not be read or compiled; `failure` then says why. */
export function isolatedWorld(path: string, preload: Preload | undefined, failure: string): void {
  // Electron runs a preload in the main frame of a loaded page alone.
  if (window !== window.top || location.href === 'about:blank') return
  const world = globalThis as unknown as Record<string, (message: unknown) => void>
  const say = (message: FromPage): void => world['__electronStandIn']!(JSON.stringify(message))
  const ports = new Map<number, MessagePort>()
  const listeners = new Map<string, ((event: object, ...args: unknown[]) => void)[]>()

  function strict<T extends object>(name: string, target: T): T {
    return new Proxy(target, {
      get(object, property) {
        if (property in object || typeof property === 'symbol') return Reflect.get(object, property)
        throw new Error(`The Electron stand-in does not know ${name}.${property}.`)
      },
    })
  }

  function pack(data: unknown): Carried {
    if (typeof data === 'string') return { text: data }
    if (!(data instanceof Uint8Array)) throw new Error('The Electron stand-in carries text and bytes and nothing else.')
    let binary = ''
    for (const byte of data) binary += String.fromCharCode(byte)
    return { bytes: btoa(binary) }
  }

  function unpack(carried: Carried): string | Uint8Array {
    return 'text' in carried ? carried.text : Uint8Array.from(atob(carried.bytes), (c) => c.charCodeAt(0))
  }

  function openPort(id: number): MessagePort {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', ({ data }) => say({ t: 'port', port: id, message: pack(data) }))
    port1.addEventListener('close', () => say({ t: 'port-closed', port: id }))
    port1.start()
    ports.set(id, port1)
    return port2
  }

  world['__electronDeliver'] = (said) => {
    const message = said as ToPage
    if (message.t === 'port') ports.get(message.port)?.postMessage(unpack(message.message))
    else if (message.t === 'port-close') ports.get(message.port)?.close()
    else {
      const event = { ports: message.ports.map((id) => openPort(id)), sender: ipcRenderer }
      for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args)
    }
  }

  const ipcRenderer = strict('ipcRenderer', {
    on(channel: string, listener: (event: object, ...args: unknown[]) => void): void {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
    },
    send(channel: string, ...args: unknown[]): void {
      say({ t: 'ipc', channel, args })
    },
  })

  const electron = strict('electron (in a preload)', { ipcRenderer })
  // The modules that a sandboxed preload may load; of them the stand-in has the first.
  const allowed = new Set(['electron', 'events', 'timers', 'url', 'node:events', 'node:timers', 'node:url'])
  const require = (name: string): unknown => {
    if (name === 'electron') return electron
    if (allowed.has(name)) throw new Error(`The Electron stand-in does not have the preload module ${name}.`)
    throw new Error(`module not found: ${name}`)
  }

  try {
    if (!preload) throw new Error(failure)
    const module = { exports: {} }
    preload(require, module, module.exports)
  } catch (error) {
    console.error(`Unable to load preload script: ${path}`)
    console.error(String(error))
    say({ t: 'preload-error', message: error instanceof Error ? error.message : String(error) })
  }
}
