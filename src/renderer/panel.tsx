import { useId, type ReactNode } from 'react'
import type { Table } from '#meters/draw/table.ts'

export interface PanelProps {
  /** Its place in the grid of the style sheet. */
  readonly id: string
  readonly title: string
  /** At the right of the title. */
  readonly aside?: ReactNode
  /** What stands in it now, for those who want the numbers; undefined while there are none. */
  readonly table?: () => Table | undefined | Promise<Table | undefined>
  readonly children: ReactNode
}

export function Panel({ id, title, aside, children }: PanelProps) {
  const heading = useId()
  return (
    <section className={`panel panel-${id}`} aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>{title}</h2>
        {aside}
      </header>
      <div className="panel-body">{children}</div>
    </section>
  )
}
