/** The keys of pictures that can be pointed at: of the cursor, and of an axis that can be zoomed. */
import type { Shortcut } from '#shared/shortcut.ts'

export const CURSOR_KEYS = [
  { action: 'left', keys: ['ArrowLeft'], words: 'Cursor to the left' },
  { action: 'right', keys: ['ArrowRight'], words: 'Cursor to the right' },
  { action: 'up', keys: ['ArrowUp'], words: 'Cursor up, in the spectrogram' },
  { action: 'down', keys: ['ArrowDown'], words: 'Cursor down, in the spectrogram' },
  { action: 'far-left', keys: ['Shift+ArrowLeft'], words: 'Previous peak; in the spectrogram a second back' },
  { action: 'far-right', keys: ['Shift+ArrowRight'], words: 'Next peak; in the spectrogram a second forward' },
  { action: 'far-up', keys: ['Shift+ArrowUp'], words: 'Next peak above, in the spectrogram' },
  { action: 'far-down', keys: ['Shift+ArrowDown'], words: 'Next peak below, in the spectrogram' },
  { action: 'keep', keys: ['Enter'], words: 'Keep this place, to compare with' },
  { action: 'release', keys: ['Escape'], words: 'Hide the cursor' },
] as const satisfies readonly Shortcut[]

export const ZOOM_KEYS = [
  { action: 'zoom-in', keys: ['+', '='], words: 'Zoom in on the spectrum' },
  { action: 'zoom-out', keys: ['-'], words: 'Zoom out' },
  { action: 'whole', keys: ['Home'], words: 'The whole spectrum' },
] as const satisfies readonly Shortcut[]
