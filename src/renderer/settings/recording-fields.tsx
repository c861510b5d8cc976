/** How recordings are begun: what comes before the click, when a file ends, and what files are called. */
import { useId } from 'react'
import type { RecordingChoices, Split } from '#contract/state.ts'
import { formatBytes, formatRoom } from '#renderer/format.ts'

const PRE_ROLLS = [0, 5, 10, 30, 60]
const SPLITS: readonly (Split | null)[] = [
  null,
  { seconds: 900 },
  { seconds: 3600 },
  { seconds: 21_600 },
  { bytes: 1e9 },
  { bytes: 4e9 },
]

export interface RecordingFieldsProps {
  readonly value: RecordingChoices
  readonly onChange: (value: RecordingChoices) => void
}

export function RecordingFields({ value, onChange }: RecordingFieldsProps) {
  const id = useId()
  // What was set elsewhere, such as at the command line, stays a choice.
  const splits = SPLITS.some((one) => sameSplit(one, value.split)) ? SPLITS : [value.split, ...SPLITS]
  return (
    <>
      <div className="field-row">
        <PreRollField value={value.preRoll} onChange={(preRoll) => onChange({ ...value, preRoll })} />
        <label className="field" htmlFor={`${id}-split`}>
          Start a new file
          <select
            id={`${id}-split`}
            className="input"
            value={splits.findIndex((one) => sameSplit(one, value.split))}
            onChange={(event) => onChange({ ...value, split: splits[Number(event.target.value)]! })}
          >
            {splits.map((split, place) => (
              <option key={splitWords(split)} value={place}>
                {splitWords(split)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <label className="field" htmlFor={`${id}-name`}>
        File names
      </label>
      <input
        id={`${id}-name`}
        className="input"
        value={value.namePattern}
        placeholder="{node}_{date}_{time}"
        autoComplete="off"
        spellCheck={false}
        aria-describedby={`${id}-name-help`}
        onChange={(event) => onChange({ ...value, namePattern: event.target.value })}
      />
      <p className="help" id={`${id}-name-help`}>
        {'{node}, {date}, {time}, {id} and {part} are filled in. Leave it empty for the one shown.'}
      </p>
      <label className="check">
        <input
          type="checkbox"
          checked={value.perNodeFolders}
          onChange={(event) => onChange({ ...value, perNodeFolders: event.target.checked })}
        />
        A folder for each node
      </label>
    </>
  )
}

export interface PreRollFieldProps {
  /** s. */
  readonly value: number
  readonly onChange: (value: number) => void
}

/** How much sound from before the click a recording begins with. */
export function PreRollField({ value, onChange }: PreRollFieldProps) {
  const id = useId()
  const preRolls = PRE_ROLLS.includes(value) ? PRE_ROLLS : [value, ...PRE_ROLLS]
  return (
    <label className="field" htmlFor={id}>
      Sound before the click
      <select id={id} className="input" value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {preRolls.map((seconds) => (
          <option key={seconds} value={seconds}>
            {seconds === 0 ? 'None' : `${seconds} s`}
          </option>
        ))}
      </select>
    </label>
  )
}

function sameSplit(a: Split | null, b: Split | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function splitWords(split: Split | null): string {
  if (split === null) return 'Only when needed'
  return 'bytes' in split
    ? `Every ${formatBytes(split.bytes)}`
    : `Every ${formatRoom(split.seconds).replace(' 0 min', '')}`
}
