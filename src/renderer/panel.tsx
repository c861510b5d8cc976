import { use, useId, useRef, type ReactNode } from 'react'
import type { Table } from '#meters/draw/table.ts'
import { usePanelFiles } from './export/panel-files.ts'
import { PanelFileItems } from './export/panel-items.tsx'
import { PanelMenu } from './panels/panel-menu.tsx'
import { PanelPlaceContext } from './panels/place-context.ts'
import { useScrollFocus } from './scroll-focus.ts'

export interface PanelProps {
  /** The one of its definition. */
  readonly id: string
  readonly title: string
  /** At the right of the title. */
  readonly aside?: ReactNode
  /** What stands in it now, for those who want the numbers; undefined while there are none. */
  readonly table?: () => Table | undefined | Promise<Table | undefined>
  readonly children: ReactNode
}

export function Panel({ id, title, aside, table, children }: PanelProps) {
  const section = useRef<HTMLElement>(null)
  const files = usePanelFiles(section, { id, title, table })
  const heading = useId()
  const place = use(PanelPlaceContext)
  const body = useScrollFocus()
  return (
    <section ref={section} className={`panel panel-${id}`} aria-labelledby={heading}>
      <header className="panel-head" onPointerDown={place && ((event) => place.take(id, event))}>
        <div className="panel-title">
          <h2 id={heading}>{title}</h2>
          {aside}
        </div>
        <PanelMenu id={id} title={title}>
          <PanelFileItems files={files} />
        </PanelMenu>
      </header>
      <div className="panel-body" ref={body}>
        {children}
      </div>
    </section>
  )
}
