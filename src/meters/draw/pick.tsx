/** A small select for the head of a panel: one of a few values. */
import { useState } from 'react'
import { Select } from '@base-ui/react/select'

export interface PickProps<Value extends string | number> {
  /** What is chosen here, for those who cannot see it, and under the pointer. */
  readonly title: string
  readonly values: readonly Value[]
  readonly value: Value
  /** What a value is called; by default it is its own name. */
  readonly say?: ((value: Value) => string) | undefined
  readonly onPick: (value: Value) => void
}

export function Pick<Value extends string | number>({ title, values, value, say, onPick }: PickProps<Value>) {
  // Beside its button, not at the end of the page: a list belongs to the part of the page that it acts on.
  const [place, setPlace] = useState<HTMLElement | null>(null)
  const name = (one: Value): string => (say ? say(one) : String(one))
  return (
    <Select.Root
      value={value}
      onValueChange={(chosen) => chosen !== null && chosen !== value && onPick(chosen)}
      modal={false}
    >
      <Select.Trigger className="pick" aria-label={title} title={title}>
        <Select.Value>{name(value)}</Select.Value>
      </Select.Trigger>
      <div ref={setPlace} className="menu-root" />
      <Select.Portal container={place}>
        {/* Fixed: the edge of a panel cuts nothing off. */}
        <Select.Positioner className="menu-place" alignItemWithTrigger={false} sideOffset={4} positionMethod="fixed">
          <Select.Popup className="menu pick-list" data-modal="">
            <Select.List aria-label={title}>
              {values.map((one) => (
                <Select.Item key={one} value={one} label={name(one)} className="menu-item">
                  <span className="menu-mark">
                    <Select.ItemIndicator>
                      <span className="pick-chosen" />
                    </Select.ItemIndicator>
                  </span>
                  <Select.ItemText className="menu-text">{name(one)}</Select.ItemText>
                </Select.Item>
              ))}
            </Select.List>
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  )
}
