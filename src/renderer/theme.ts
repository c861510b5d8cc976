/** Dark unless the system or the person asks for light; the person's choice is remembered. */
import { useSyncExternalStore } from 'react'
import type { Theme } from '#meters/draw/theme.ts'
import { Emitter } from '#shared/lifecycle.ts'

const KEY = 'farfield.theme'
const light = matchMedia('(prefers-color-scheme: light)')
const changed = new Emitter<void>()

function currentTheme(): Theme {
  const chosen = localStorage.getItem(KEY)
  if (chosen === 'dark' || chosen === 'light') return chosen
  return light.matches ? 'light' : 'dark'
}

/** Puts the theme where the style sheets look for it. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = currentTheme()
}

function update(): void {
  applyTheme()
  changed.emit()
}

light.addEventListener('change', update)

export function setTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme)
  update()
}

function subscribe(listener: () => void): () => void {
  const entry = changed.on(listener)
  return () => void entry.dispose()
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme)
}
