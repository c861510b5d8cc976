/** What a panel can be taken away as: a picture, a copy of it, a table. */
import { createContext, useContext, useEffect, useMemo, useRef, type RefObject } from 'react'
import type { NodeView } from '#contract/state.ts'
import type { Table } from '#meters/draw/table.ts'
import { TellerContext, useWorkstation, type Teller } from '#renderer/hooks.ts'
import { copyPicture } from './copy.ts'
import { tableCsv } from './csv.ts'
import { fileName } from './names.ts'
import { pictureOf, pictureStill } from './picture.ts'
import { csvBlob, saveFile } from './save.ts'
import { captionOf } from './words.ts'

/** The node that the panels below it are of. */
export const PanelNodeContext = createContext<NodeView | undefined>(undefined)

export interface ShownPanel {
  readonly id: string
  readonly title: string
  readonly table?: (() => Table | undefined | Promise<Table | undefined>) | undefined
}

const shownPanels = new WeakMap<Element, () => ShownPanel>()

/** Panels inside `element` in the order of the page. */
export function panelsIn(element: Element): ShownPanel[] {
  return [...element.querySelectorAll('section')].flatMap((section) => shownPanels.get(section)?.() ?? [])
}

export interface PanelFiles {
  readonly savePicture: () => void
  readonly copyPicture: () => void
  /** Absent where there are no figures. */
  readonly saveTable?: () => void
}

/** `ref`: the element that is the panel. */
export function usePanelFiles(ref: RefObject<HTMLElement | null>, panel: ShownPanel): PanelFiles {
  const newest = useRef(panel)
  const node = useContext(PanelNodeContext)
  const teller = useContext(TellerContext)
  const workstation = useWorkstation()
  useEffect(() => {
    newest.current = panel
  })
  useEffect(() => {
    const section = ref.current
    if (section) shownPanels.set(section, () => newest.current)
  }, [ref])
  const { id, title } = panel
  const hasTable = panel.table !== undefined
  return useMemo(() => {
    const version = workstation.snapshot().state?.about.version ?? ''
    const picture = (at: number): Promise<Blob> => {
      workstation.painter.drawNow(ref.current!)
      return pictureOf(pictureStill(ref.current!), captionOf(node!, title, at, version), at, version)
    }
    const nameOf = (at: number, kind: string): string => fileName(node!.name, id, at, kind)
    const savePicture = async (): Promise<void> => {
      const at = Date.now()
      const ready = await drawn(picture(at))
      if (ready) saved(teller, nameOf(at, 'png'), ready)
      else teller.fault({ code: 'internal', message: NO_PICTURE })
    }
    const copy = async (): Promise<void> => {
      const fault = await copyPicture(picture(Date.now()))
      if (fault) teller.fault(fault)
      else teller.done(`The picture of ${title} is in the clipboard.`)
    }
    const saveTable = async (): Promise<void> => {
      const at = Date.now()
      const now = await newest.current.table?.()
      if (!now || now.rows.length === 0)
        return teller.fault({ code: 'not-found', message: `There are no figures in ${title} yet. Wait for sound.` })
      saved(teller, nameOf(at, 'csv'), csvBlob([tableCsv(now, node!, at, version)]))
    }
    return {
      savePicture: () => void savePicture(),
      copyPicture: () => void copy(),
      ...(hasTable ? { saveTable: () => void saveTable() } : {}),
    }
  }, [ref, workstation, teller, node, id, title, hasTable])
}

/** Undefined where the browser cannot draw it: its reason is of no use to the person. */
export async function drawn(picture: Promise<Blob>): Promise<Blob | undefined> {
  try {
    return await picture
  } catch (error) {
    console.warn(error)
    return undefined
  }
}

function saved(teller: Teller, name: string, content: Blob): void {
  saveFile(name, content)
  teller.done(`Saved as ${name} where downloads go.`)
}

export const NO_PICTURE = 'This browser cannot draw the picture. Use a screenshot, or a newer browser.'
