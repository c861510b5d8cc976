/** Every file of `rows` is a row, exported as `row`. */
import { readdir } from 'node:fs/promises'
import type { FaultRow } from './row.ts'

const FOLDER = new URL('./rows/', import.meta.url)

/** In the order of their numbers. */
export async function faultRows(): Promise<FaultRow[]> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.ts')).toSorted()
  const modules = await Promise.all(
    files.map((name) => import(new URL(name, FOLDER).href) as Promise<{ row: FaultRow }>),
  )
  return modules.map(({ row }) => row).toSorted((a, b) => a.number - b.number)
}
