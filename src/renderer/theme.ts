/** Dark unless the person asks for light, or for what the system has; the choice is remembered. */
import { useSyncExternalStore } from 'react'
import type { Theme } from '#meters/draw/theme.ts'
import { Emitter } from '#shared/lifecycle.ts'

export const THEME_CHOICES = ['dark', 'light', 'system'] as const
export type ThemeChoice = (typeof THEME_CHOICES)[number]

const KEY = 'farfield.theme'
const light = matchMedia('(prefers-color-scheme: light)')
const changed = new Emitter<void>()
/** Kept, not asked for: in Chromium a look at `matches` between the change and its event swallows the event. */
let systemIsLight = light.matches

function themeChoice(): ThemeChoice {
  const kept = localStorage.getItem(KEY)
  return THEME_CHOICES.find((choice) => choice === kept) ?? 'dark'
}

function currentTheme(): Theme {
  const choice = themeChoice()
  if (choice === 'system') return systemIsLight ? 'light' : 'dark'
  return choice
}

/** Puts the theme where the style sheets look for it. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = currentTheme()
}

function update(): void {
  applyTheme()
  changed.emit()
}

light.addEventListener('change', ({ matches }) => {
  systemIsLight = matches
  update()
})

export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(KEY, choice)
  update()
}

function subscribe(listener: () => void): () => void {
  const entry = changed.on(listener)
  return () => void entry.dispose()
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme)
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, themeChoice)
}
