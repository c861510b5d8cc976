/** What an icon does, for those who see only the icon: under the pointer and at the focus. The name for screen readers is the button's own. */
import { useState, type ReactElement } from 'react'
import { Tooltip } from '@base-ui/react/tooltip'

export interface TipProps {
  readonly text: string
  /** A button. */
  readonly children: ReactElement<Record<string, unknown>>
}

export function Tip({ text, children }: TipProps) {
  // Beside its button, not at the end of the page: it belongs to the part of the page that the button is in.
  const [place, setPlace] = useState<HTMLElement | null>(null)
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <span ref={setPlace} className="tip-root" />
      <Tooltip.Portal container={place}>
        <Tooltip.Positioner className="tip-place" sideOffset={6}>
          <Tooltip.Popup className="tip">{text}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
