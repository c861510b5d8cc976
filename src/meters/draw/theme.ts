/** The colours of the style sheets, for what is painted on a canvas. */
import { createContext, useContext, useMemo } from 'react'

export type Theme = 'dark' | 'light'

export const ThemeContext = createContext<Theme>('dark')

export interface Palette {
  readonly text: string
  readonly muted: string
  readonly grid: string
  readonly track: string
  readonly accent: string
  readonly accentSoft: string
  readonly warn: string
  readonly bad: string
  /** CSS font of axis labels. */
  readonly font: string
}

/** Reads the custom properties of the document anew whenever the theme changes. */
export function usePalette(): Palette {
  const theme = useContext(ThemeContext)
  // The theme is what changes the style sheet that is read here.
  return useMemo(() => readPalette(theme), [theme])
}

function readPalette(_theme: Theme): Palette {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string): string => style.getPropertyValue(name).trim()
  return {
    text: read('--text'),
    muted: read('--muted'),
    grid: read('--grid'),
    track: read('--track'),
    accent: read('--accent'),
    accentSoft: read('--accent-soft'),
    warn: read('--warn'),
    bad: read('--bad'),
    font: `12px ${read('--font') || 'system-ui, sans-serif'}`,
  }
}
