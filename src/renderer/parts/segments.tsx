/** One of a few, all in sight: buttons in a row, one of which is pressed. Arrow keys go along the row. */
import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'

export interface SegmentsProps<Value extends string> {
  readonly title: string
  readonly values: readonly Value[]
  readonly value: Value
  readonly say: (value: Value) => string
  readonly onChoose: (value: Value) => void
}

export function Segments<Value extends string>({ title, values, value, say, onChoose }: SegmentsProps<Value>) {
  return (
    <ToggleGroup
      className="segments"
      aria-label={title}
      value={[value]}
      // One that is pressed again stays so.
      onValueChange={([chosen]) => chosen !== undefined && onChoose(chosen)}
    >
      {values.map((one) => (
        <Toggle key={one} value={one} className="segment">
          <span className="clip">{say(one)}</span>
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
