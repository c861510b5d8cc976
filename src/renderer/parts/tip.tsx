/** What an icon does, for those who see only the icon: under the pointer and at the focus. The name for screen readers is the button's own. */
import type { ReactElement } from 'react'
import { Tooltip } from '@base-ui/react/tooltip'

export interface TipProps {
  readonly text: string
  /** A button. */
  readonly children: ReactElement<Record<string, unknown>>
}

export function Tip({ text, children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner className="tip-place" sideOffset={6}>
          <Tooltip.Popup className="tip">{text}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
