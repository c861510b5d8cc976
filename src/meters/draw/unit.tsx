/** The unit of a level. Around a view somebody may have more to say of it: why these figures are sound pressure, or are not. */
import { createContext, use, type ReactNode } from 'react'
import { levelUnit, type Feed } from './view.ts'

/** Renders a unit so that it can be asked where it is from. */
export const UnitContext = createContext<((unit: string) => ReactNode) | undefined>(undefined)

export function LevelUnit({ feed }: { readonly feed: Feed }) {
  const unit = levelUnit(feed)
  const tell = use(UnitContext)
  return tell ? tell(unit) : <span className="unit">{unit}</span>
}
