/** One of a few things that each need a line or two: round marks before them. Arrow keys go from one to the next. */
import { useId, type ReactNode } from 'react'
import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'

export interface ChoicesProps<Value extends string | number> {
  /** What is chosen here. */
  readonly title: string
  readonly className?: string
  readonly value: Value
  readonly onChoose: (value: Value) => void
  readonly children: ReactNode
}

export function Choices<Value extends string | number>({
  title,
  className = '',
  value,
  onChoose,
  children,
}: ChoicesProps<Value>) {
  const name = useId()
  return (
    <div className="radio-rows">
      <p className="field" id={name}>
        {title}
      </p>
      <RadioGroup
        className={className}
        aria-labelledby={name}
        value={value}
        onValueChange={(chosen) => onChoose(chosen)}
      >
        {children}
      </RadioGroup>
    </div>
  )
}

export interface ChoiceProps {
  readonly value: string | number
  /** It has the focus when its dialog opens. */
  readonly first?: boolean
  readonly className?: string
  readonly children: ReactNode
}

export function Choice({ value, first, className = 'radio-row', children }: ChoiceProps) {
  const name = useId()
  return (
    <label className={className}>
      <Radio.Root value={value} className="radio" aria-labelledby={name} data-first={first ? '' : undefined}>
        <Radio.Indicator className="radio-mark" />
      </Radio.Root>
      <span className="radio-words" id={name}>
        {children}
      </span>
    </label>
  )
}
