/** What the stand-in does not know it refuses by name, so that nothing of Electron passes silently. */
import { EventEmitter } from 'node:events'

/** Asked for by the language itself (await, JSON, printing), not by the program under test. */
const ASKED_BY_THE_LANGUAGE = new Set(['then', 'toJSON', 'inspect'])

export function strict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(object, property) {
      if (typeof property === 'symbol') return Reflect.get(object, property, object)
      if (!(property in object)) {
        if (ASKED_BY_THE_LANGUAGE.has(property)) return undefined
        throw new Error(`The Electron stand-in does not know ${name}.${property}.`)
      }
      const value: unknown = Reflect.get(object, property, object)
      return typeof value === 'function' && !Object.hasOwn(object, property) ? value.bind(object) : value
    },
  })
}

/** Refuses an option that the stand-in would ignore. */
export function onlyKnown(what: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options))
    if (!known.includes(key)) throw new Error(`The Electron stand-in does not know the option ${key} of ${what}.`)
}

export class StrictEmitter extends EventEmitter {
  readonly #name: string
  readonly #events: ReadonlySet<string>

  constructor(name: string, events: readonly string[]) {
    super()
    this.#name = name
    this.#events = new Set(events)
  }

  override on(event: string, listener: (...args: never[]) => void): this {
    this.#check(event)
    return super.on(event, listener as (...args: unknown[]) => void)
  }

  override once(event: string, listener: (...args: never[]) => void): this {
    this.#check(event)
    return super.once(event, listener as (...args: unknown[]) => void)
  }

  #check(event: string): void {
    if (!this.#events.has(event)) throw new Error(`The Electron stand-in never emits "${event}" on ${this.#name}.`)
  }
}

/** An Electron event that a listener may prevent. */
export class Preventable {
  defaultPrevented = false

  preventDefault(): void {
    this.defaultPrevented = true
  }
}

/** Emits and tells whether the default action may take place. */
export function emitPreventable(emitter: EventEmitter, name: string, details: object = {}): boolean {
  const event = Object.assign(new Preventable(), details)
  emitter.emit(name, event)
  return !event.defaultPrevented
}
