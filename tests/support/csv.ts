/** CSV files as Python's own csv module reads them. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const SCRIPT = fileURLToPath(new URL('./csv-rows.py', import.meta.url))

/** Each line by its headings. Rejects where a line has more or fewer cells than there are headings. */
export async function readCsv(file: string): Promise<Record<string, string>[]> {
  const { stdout } = await promisify(execFile)('python3', [SCRIPT, file], { maxBuffer: 1e8 })
  return JSON.parse(stdout) as Record<string, string>[]
}
