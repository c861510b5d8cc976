/** How a person likes to look at things: kept in the browser, the same for every node and for each part of a view. */
import { useMemo, useSyncExternalStore } from 'react'
import { Emitter } from '#shared/lifecycle.ts'
import type { Choice } from '#meters/meter.ts'

const changed = new Emitter<void>()

function subscribe(listener: () => void): () => void {
  const entry = changed.on(listener)
  return () => void entry.dispose()
}

/** The value kept under `name`, and a way to change it; `initial` until somebody did. */
export function useRemembered<Value extends string>(
  name: string,
  values: readonly Value[],
  initial: Value = values[0]!,
): readonly [Value, (value: Value) => void] {
  const key = `farfield.${name}`
  const value = useSyncExternalStore(subscribe, () => {
    const kept = localStorage.getItem(key)
    return values.find((known) => known === kept) ?? initial
  })
  const set = (next: Value): void => {
    localStorage.setItem(key, next)
    changed.emit()
  }
  return [value, set]
}

/** The same for a number within two ends: `initial` until somebody chose another. */
export function useRememberedNumber(
  name: string,
  { lowest, highest, initial }: { readonly lowest: number; readonly highest: number; readonly initial: number },
): readonly [number, (value: number) => void] {
  const key = `farfield.${name}`
  const value = useSyncExternalStore(subscribe, () => {
    const kept = Number.parseFloat(localStorage.getItem(key) ?? '')
    return kept >= lowest && kept <= highest ? kept : initial
  })
  const set = (next: number): void => {
    localStorage.setItem(key, String(next))
    changed.emit()
  }
  return [value, set]
}

/** What may be chosen about how a view looks, by name. */
export type Looks = Readonly<Record<string, Choice<string>>>
export type Look<L extends Looks = Looks> = { readonly [K in keyof L]: L[K]['values'][number] }

/** What is chosen of `looks` for the view `id`: the same object until somebody chooses otherwise. */
export function useLook<L extends Looks>(id: string, looks: L): Look<L> {
  const kept = useSyncExternalStore(subscribe, () =>
    JSON.stringify(Object.keys(looks).map((name) => localStorage.getItem(keyOf(id, name)))),
  )
  return useMemo(() => {
    const values = JSON.parse(kept) as readonly (string | null)[]
    const chosen = Object.entries(looks).map(([name, { values: offered, initial }], place) => {
      return [name, offered.find((one) => one === values[place]) ?? initial]
    })
    return Object.fromEntries(chosen) as Look<L>
  }, [looks, kept])
}

export function chooseLook(id: string, name: string, value: string): void {
  localStorage.setItem(keyOf(id, name), value)
  changed.emit()
}

function keyOf(id: string, name: string): string {
  return `farfield.${id}.${name}`
}
