/** The arrangements, kept in the browser: the same for every node, and for every window of this computer's browser at once. */
import { useSyncExternalStore } from 'react'
import { Emitter } from '#shared/lifecycle.ts'
import { fresh, readArrangement } from './arrangement.ts'
import { choicesOf, readKept, shownOf, type Choice, type Kept } from './kept.ts'
import { EVERYTHING, PRESETS, type Preset } from './presets.ts'
import { PANELS } from './registry.tsx'

const KEY = 'farfield.panels'

const ALL: readonly Preset[] = [
  { id: EVERYTHING, name: 'Everything', panels: PANELS.map(fresh) },
  ...PRESETS.map((preset) => ({ ...preset, panels: readArrangement(preset.panels, PANELS)! })),
]

interface Arrangements {
  readonly kept: Kept
  readonly choices: readonly Choice[]
  readonly shown: Choice
}

const news = new Emitter<void>()
let now = told(read())

function told(kept: Kept): Arrangements {
  return { kept, choices: choicesOf(kept, ALL), shown: shownOf(kept, ALL) }
}

function read(): Kept {
  let text: string | null = null
  try {
    text = localStorage.getItem(KEY)
  } catch {
    // A browser that keeps nothing shows the first preset.
  }
  return readKept(text, PANELS, ALL)
}

window.addEventListener('storage', ({ key }) => {
  // No key: everything was cleared.
  if (key !== KEY && key !== null) return
  now = told(read())
  news.emit()
})

export function arrangements(): Arrangements {
  return now
}

/** Shown at once, and kept if the browser keeps anything. */
export function keep(kept: Kept): void {
  now = told(kept)
  try {
    localStorage.setItem(KEY, JSON.stringify(kept))
  } catch {
    // Full, or forbidden: it holds until the page is closed.
  }
  news.emit()
}

export function useArrangements(): Arrangements {
  return useSyncExternalStore(subscribe, arrangements)
}

function subscribe(listener: () => void): () => void {
  const entry = news.on(listener)
  return () => void entry.dispose()
}
