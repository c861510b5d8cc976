/** What a panel shows, as a table that another program reads. Who it is of, when and how calibrated, is added where it is saved. */
export interface Table {
  readonly columns: readonly Column[]
  /** One value a column; undefined where there is none. Numbers in the unit of their column, not rounded for the eye. */
  readonly rows: readonly (readonly (string | number | undefined)[])[]
}

export interface Column {
  readonly title: string
  /** As the screen says it: `LUFS`, `dB SPL est.`, `Hz`. */
  readonly unit?: string
}
