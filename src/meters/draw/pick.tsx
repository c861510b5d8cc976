/** A small select for the head of a panel: one of a few values. */
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
  return (
    <select
      className="pick"
      aria-label={title}
      title={title}
      value={values.indexOf(value)}
      onChange={(event) => onPick(values[Number(event.target.value)]!)}
    >
      {values.map((each, place) => (
        <option key={each} value={place}>
          {say ? say(each) : each}
        </option>
      ))}
    </select>
  )
}
