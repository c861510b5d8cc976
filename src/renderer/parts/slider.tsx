/** A value between 0 and a maximum, by pointer and by keys. */
import type { ReactNode } from 'react'
import { Slider as Base } from '@base-ui/react/slider'

export interface SliderProps {
  /** What it sets, for those who cannot see it. */
  readonly label: string
  readonly value: number
  readonly max: number
  readonly step: number
  /** The value in words. */
  readonly say: (value: number) => string
  /** While it is moved. */
  readonly onChange: (value: number) => void
  /** When it was let go, and after each key. */
  readonly onCommit?: (value: number) => void
  /** What lies on the track, over what is filled. */
  readonly marks?: ReactNode
  /** What lies beside it. */
  readonly children?: ReactNode
}

export function Slider({ label, value, max, step, say, onChange, onCommit, marks, children }: SliderProps) {
  return (
    <Base.Root
      value={value}
      min={0}
      max={max}
      step={step}
      onValueChange={onChange}
      onValueCommitted={(committed) => onCommit?.(committed)}
    >
      <Base.Control className="slider">
        <Base.Track className="slider-track">
          <Base.Indicator className="slider-fill" />
          {marks}
          <Base.Thumb className="slider-thumb" getAriaLabel={() => label} getAriaValueText={(_text, at) => say(at)} />
        </Base.Track>
      </Base.Control>
      {children}
    </Base.Root>
  )
}
