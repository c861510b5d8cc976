/** What a panel in an arrangement can have done to it; without one around it, it stands for itself. */
import { createContext } from 'react'
import type { Arranger } from './arranger.ts'
import type { Hands } from './hands.ts'

export interface PanelPlace extends Hands, Pick<Arranger, 'step' | 'grow' | 'remove'> {}

/** The same object for as long as the arrangement is on screen. */
export const PanelPlaceContext = createContext<PanelPlace | undefined>(undefined)
