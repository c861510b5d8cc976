import { useId } from 'react'
import { ARRANGEMENTS, useArrangement, type Arrangement } from '#renderer/overview/overview.tsx'
import { chooseTheme, THEME_CHOICES, useThemeChoice, type ThemeChoice } from '#renderer/theme.ts'

export const ARRANGEMENT_WORDS: Readonly<Record<Arrangement, string>> = { tiles: 'Tiles', rows: 'Rows' }
export const THEME_WORDS: Readonly<Record<ThemeChoice, string>> = {
  dark: 'Dark',
  light: 'Light',
  system: 'As the system',
}

/** Kept by this screen, and in force at once. */
export function AppearanceSettings() {
  const theme = useThemeChoice()
  const [arrangement, arrange] = useArrangement()
  return (
    <div className="dialog-body">
      <Choice
        title="Theme"
        values={THEME_CHOICES}
        value={theme}
        say={(one) => THEME_WORDS[one]}
        onChoose={chooseTheme}
      />
      <Choice
        title="All nodes as"
        values={ARRANGEMENTS}
        value={arrangement}
        say={(one) => ARRANGEMENT_WORDS[one]}
        onChoose={arrange}
      />
      <p className="help">
        Kept for this screen. Times are those of this computer, from 0 to 24 h, and dates are written year first.
      </p>
    </div>
  )
}

interface ChoiceProps<Value extends string> {
  readonly title: string
  readonly values: readonly Value[]
  readonly value: Value
  readonly say: (value: Value) => string
  readonly onChoose: (value: Value) => void
}

function Choice<Value extends string>({ title, values, value, say, onChoose }: ChoiceProps<Value>) {
  const name = useId()
  return (
    <fieldset className="choices">
      <legend className="field">{title}</legend>
      {values.map((one) => (
        <label key={one} className="check">
          <input type="radio" name={name} checked={one === value} onChange={() => onChoose(one)} />
          {say(one)}
        </label>
      ))}
    </fieldset>
  )
}
