/** What a panel in an arrangement can have done to it; without one around it, it stands for itself. */
import { createContext } from 'react'
import type { PanelAction } from '#renderer/shortcuts/table.ts'
import type { Arranger } from './arranger.ts'
import type { Hands } from './hands.ts'

export interface PanelPlace extends Hands, Pick<Arranger, 'step' | 'grow' | 'remove'> {
  /** What can be asked of the panel now. */
  readonly may: (id: string) => Readonly<Record<PanelAction, boolean>>
}

/** The same object whatever becomes of the arrangement. */
export const PanelPlaceContext = createContext<PanelPlace | undefined>(undefined)

/** The ids of all panels of the arrangement. */
export const BesideContext = createContext<readonly string[]>([])
