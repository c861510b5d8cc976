/** The table of faults in `docs/reliability.md`. */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { machineLines, type Machine } from '../../bench/machine.ts'
import type { Outcome } from './run.ts'

const PAGE = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url))
const BEGIN = '<!-- begin: written by `npm run faults -- --write` -->'
const END = '<!-- end -->'
const HEAD = '| # | fault | expected | seen | | on |\n|---|---|---|---|---|---|'

/** Replaces the rows that were run and keeps the others, which have their own date. */
export async function writeTable(outcomes: readonly Outcome[], machine: Machine): Promise<void> {
  const page = await readFile(PAGE, 'utf8')
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`docs/reliability.md has lost the marks of its table: ${BEGIN} and ${END}`)
  const kept = page
    .slice(from, to)
    .split('\n')
    .filter((line) => /^\| \d+ \|/.test(line) && !outcomes.some((o) => line.startsWith(`| ${o.number} |`)))
  const written = outcomes.map((outcome) => tableRow(outcome, machine.date.slice(0, 10)))
  const rows = [...kept, ...written].toSorted((a, b) => numberOf(a) - numberOf(b))
  const table = `${BEGIN}\n\nLast run on ${machineLines(machine).replace('\n', '; ')}.\n\n${HEAD}\n${rows.join('\n')}\n\n`
  await writeFile(PAGE, page.slice(0, from) + table + page.slice(to))
}

function tableRow({ number, fault, expected, seen, pass }: Outcome, date: string): string {
  const cells = [number, fault, expected, seen, pass ? 'pass' : '**fail**', date]
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`
}

function numberOf(line: string): number {
  return Number(/^\| (\d+)/.exec(line)![1])
}
