/** What a person does to an arrangement, whichever way they ask: it is kept, told to those who hear the screen, and undone where something went. */
import { useContext, useMemo } from 'react'
import { flushSync } from 'react-dom'
import { Emitter } from '#shared/lifecycle.ts'
import { TellerContext, type Teller } from '#renderer/hooks.ts'
import type { PanelAction } from '#renderer/shortcuts/table.ts'
import { add, fresh, move, remove, resize, type Arrangement, type PlacedPanel } from './arrangement.ts'
import type { PanelDefinition } from './definition.ts'
import { back, bringBack, change, forget, rename, saveAs, type Choice, type Kept } from './kept.ts'
import { EVERYTHING } from './presets.ts'
import { PANELS } from './registry.tsx'
import { arrangements, keep } from './store.ts'
import { placeWords, sizeWords } from './words.ts'

/** What happened, for the live region. */
export const said = new Emitter<string>()

export interface Arranger {
  /** Shows a preset or an own arrangement. */
  readonly choose: (id: string) => void
  /** Before another panel, or at the end. */
  readonly place: (id: string, before: string | undefined) => void
  /** One place earlier or later. */
  readonly step: (id: string, by: -1 | 1) => void
  /** Wider or higher by so many columns and rows. */
  readonly grow: (id: string, columns: number, rows: number) => void
  readonly add: (id: string) => void
  readonly remove: (id: string) => void
  /** As the preset is, or as it was saved. */
  readonly back: () => void
  /** What is shown, under a name of its own. */
  readonly save: (name: string) => void
  readonly rename: (name: string) => void
  readonly forget: () => void
}

export function useArranger(): Arranger {
  const teller = useContext(TellerContext)
  return useMemo(() => arrangerOf(teller), [teller])
}

function arrangerOf(teller: Teller): Arranger {
  const place = (id: string, before: string | undefined): void => {
    become(move(shown().panels, id, before))
    const { panels } = shown()
    said.emit(placeWords(definitionOf(id).title, placeOf(id), panels.length))
  }
  return {
    place,
    choose: (id) => {
      show({ ...arrangements().kept, shown: id })
      said.emit(`${nameOf(shown())} is shown.`)
    },
    step: (id, by) => {
      const { panels } = shown()
      const at = placeOf(id)
      place(id, by < 0 ? panels[Math.max(0, at - 1)]!.id : panels[at + 2]?.id)
    },
    grow: (id, columns, rows) => {
      const definition = definitionOf(id)
      const size = panelOf(id)
      become(resize(shown().panels, definition, { columns: size.columns + columns, rows: size.rows + rows }))
      said.emit(sizeWords(definition.title, panelOf(id)))
    },
    add: (id) => {
      const definition = definitionOf(id)
      become(add(shown().panels, fresh(definition)))
      said.emit(`${definition.title} is added, at the end.`)
    },
    remove: (id) => {
      const { title } = definitionOf(id)
      const { id: from, name } = shown()
      const [panel, at] = [panelOf(id), placeOf(id)]
      become(remove(shown().panels, id))
      const undo = (): void => {
        const choice = arrangements().choices.find((one) => one.id === from)
        if (!choice) return
        show({ ...changed(choice, add(choice.panels, panel, at)), shown: from })
        said.emit(`${title} is back.`)
      }
      teller.done(`${title} removed from ${name}.`, { of: `panel ${from} ${id}`, act: undo })
    },
    back: () => {
      const { kept } = arrangements()
      const { id, name } = shown()
      show(back(kept, id))
      const undo = (): void => show(bringBack(arrangements().kept, id, kept))
      teller.done(`${name} is as it was.`, { of: `arrangement ${id}`, act: undo })
    },
    save: (name) => {
      show(saveAs(arrangements().kept, shown(), name))
      teller.done(`${name} saved.`)
    },
    rename: (name) => show(rename(arrangements().kept, shown().id, name)),
    forget: () => {
      const { kept } = arrangements()
      const { id, name } = shown()
      show(forget(kept, id, EVERYTHING))
      const undo = (): void => show(bringBack(arrangements().kept, id, kept))
      teller.done(`${name} deleted.`, { of: `arrangement ${id}`, act: undo })
    },
  }
}

function shown(): Choice {
  return arrangements().shown
}

function placeOf(id: string): number {
  const at = shown().panels.findIndex((one) => one.id === id)
  if (at < 0) throw new Error(`panel ${id} is not shown`)
  return at
}

function panelOf(id: string): PlacedPanel {
  return shown().panels[placeOf(id)]!
}

/** What would change anything: a panel is not moved beyond the ends nor sized beyond its limits. */
export function mayOf(id: string, narrow: boolean): Readonly<Record<PanelAction, boolean>> {
  const { panels } = shown()
  const [at, size, definition] = [placeOf(id), panelOf(id), definitionOf(id)]
  const grows = (columns: number, rows: number): boolean =>
    resize(panels, definition, { columns: size.columns + columns, rows: size.rows + rows }) !== panels
  return {
    earlier: at > 0,
    later: at < panels.length - 1,
    wider: !narrow && grows(1, 0),
    narrower: !narrow && grows(-1, 0),
    taller: grows(0, 1),
    shorter: grows(0, -1),
    remove: true,
  }
}

export function definitionOf(id: string): PanelDefinition {
  const found = PANELS.find((one) => one.id === id)
  if (!found) throw new Error(`no panel ${id}`)
  return found
}

export function nameOf({ name, changed: isChanged }: Choice): string {
  return isChanged ? `${name}, changed` : name
}

/** The panels that are shown become these. */
function become(panels: Arrangement): void {
  const choice = shown()
  if (panels !== choice.panels) show(changed(choice, panels))
}

function changed(choice: Choice, panels: Arrangement): Kept {
  return change(arrangements().kept, choice, panels)
}

/** A panel that moved in the page keeps the focus. */
function show(kept: Kept): void {
  const focused = document.activeElement
  flushSync(() => keep(kept))
  if (focused instanceof HTMLElement && focused.isConnected && document.activeElement !== focused)
    focused.focus({ preventScroll: true })
}
