/** The colours of both themes against WCAG 2.2: 1.4.3 (text, 4.5 to 1) and 1.4.11 (what is not text, 3 to 1). */
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const CSS = readFileSync(new URL('../../src/renderer/styles/tokens.css', import.meta.url), 'utf8')

const GROUNDS = ['bg', 'panel', 'raised', 'raised-hover']
const WORDS = ['text', 'muted', 'accent', 'good', 'warn', 'bad', 'rec']
/** Bars and lines, the frame of a field, the focus. */
const SHAPES = ['accent', 'warn', 'bad', 'rec', 'line-strong', 'focus']
const ON: readonly (readonly [text: string, ground: string])[] = [
  ['on-accent', 'accent'],
  ['on-rec', 'rec'],
  ['on-warn', 'warn'],
  ['text', 'track'],
]

function theme(name: string): Map<string, string> {
  const block = new RegExp(`\\[data-theme='${name}'\\] \\{([^}]*)\\}`).exec(CSS)?.[1] ?? ''
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, token, colour]) => [token!, colour!]))
}

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

test('contrast is what WCAG says it is', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 6)
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
})

describe.each(['dark', 'light'])('in the %s theme', (name) => {
  const colours = theme(name)
  const pairs = (tokens: readonly string[]): [string, string][] =>
    tokens.flatMap((token) => GROUNDS.map((ground): [string, string] => [token, ground]))
  const of = (token: string): string => {
    const colour = colours.get(token)
    if (colour === undefined) throw new Error(`no colour --${token} in the ${name} theme`)
    return colour
  }

  test.each([...pairs(WORDS), ...ON])('%s is legible on %s', (word, ground) => {
    expect(contrast(of(word), of(ground))).toBeGreaterThanOrEqual(4.5)
  })

  test.each([...pairs(SHAPES), ['accent', 'track']])('%s is seen on %s', (shape, ground) => {
    expect(contrast(of(shape), of(ground))).toBeGreaterThanOrEqual(3)
  })
})

test('no other style sheet has a colour of its own', () => {
  const root = new URL('../../src/', import.meta.url)
  const sheets = globSync('{renderer,meters}/**/*.css', { cwd: root }).filter((file) => !file.endsWith('tokens.css'))
  expect(sheets.length).toBeGreaterThan(10)
  for (const file of sheets) {
    const text = readFileSync(new URL(file, root), 'utf8').replace(/\/\*[^]*?\*\//g, '')
    expect(text.match(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|oklch\(/gi) ?? [], file).toEqual([])
  }
})
