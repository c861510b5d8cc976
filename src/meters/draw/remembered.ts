/** How a person likes to look at things: kept in the browser, the same for every node and for each part of a view. */
import { useSyncExternalStore } from 'react'
import { Emitter } from '#shared/lifecycle.ts'

const changed = new Emitter<void>()

function subscribe(listener: () => void): () => void {
  const entry = changed.on(listener)
  return () => void entry.dispose()
}

/** The value kept under `name`, and a way to change it; the first of `values` until somebody did. */
export function useRemembered<Value extends string>(
  name: string,
  values: readonly Value[],
): readonly [Value, (value: Value) => void] {
  const key = `farfield.${name}`
  const value = useSyncExternalStore(subscribe, () => {
    const kept = localStorage.getItem(key)
    return values.find((known) => known === kept) ?? values[0]!
  })
  const set = (next: Value): void => {
    localStorage.setItem(key, next)
    changed.emit()
  }
  return [value, set]
}
