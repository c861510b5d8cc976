/** What the live region says of an arrangement. */
import type { Size } from './definition.ts'
import { COLUMNS } from './arrangement.ts'

const ORDINALS = 'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ')
const NUMBERS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ')

/** `Spectrum is now third of six.`; `at` counts from 0. */
export function placeWords(title: string, at: number, of: number): string {
  return `${title} is now ${ORDINALS[at] ?? `${at + 1}th`} of ${NUMBERS[of - 1] ?? of}.`
}

export function sizeWords(title: string, { columns, rows }: Size): string {
  return `${title} is now ${columns} of ${COLUMNS} columns wide and ${rows} rows high.`
}
