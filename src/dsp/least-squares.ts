/** One equation: `row` times the unknowns is `value`, as nearly as all the others allow. */
export interface Equation {
  readonly row: readonly number[]
  readonly value: number
}

/** The unknowns that leave the least sum of squared errors: normal equations, Gaussian elimination with pivoting. */
export function leastSquares(equations: readonly Equation[]): number[] {
  const n = equations[0]!.row.length
  const system = Array.from({ length: n }, () => new Float64Array(n + 1))
  for (const { row, value } of equations) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) system[i]![j]! += row[i]! * row[j]!
      system[i]![n]! += row[i]! * value
    }
  }
  for (let i = 0; i < n; i++) {
    const pivot = system.slice(i).reduce((best, row) => (Math.abs(row[i]!) > Math.abs(best[i]!) ? row : best))
    const at = system.indexOf(pivot)
    system[at] = system[i]!
    system[i] = pivot
    for (const row of system) {
      if (row === pivot) continue
      const factor = row[i]! / pivot[i]!
      for (let j = i; j <= n; j++) row[j]! -= factor * pivot[j]!
    }
  }
  return system.map((row, i) => row[n]! / row[i]!)
}
