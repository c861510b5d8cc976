import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkPattern, nodeFolder, numbered, partName, safeName, stemOf } from '#engine/recorder/names.ts'
import { uniformNoise } from '#producer/sources/tone/pink.ts'

const AT = new Date(2026, 2, 1, 14, 5, 9)

describe('name patterns', () => {
  test.each([
    ['', 1, 'attic_2026-03-01_14-05-09'],
    ['', 2, 'attic_2026-03-01_14-05-09_part2'],
    ['{date}_{time}_{node}_{part}', 3, '2026-03-01_14-05-09_attic_3'],
    ['{part} of {node} {id}', 12, '12 of attic 0123abcd'],
    ['concert', 1, 'concert'],
    ['{node}{node}', 1, 'atticattic'],
    ['CON', 1, 'take_CON'],
    ['..', 1, 'take_'],
  ])('%j of part %i becomes %j', (pattern, part, name) => {
    expect(partName(stemOf(pattern, { node: 'attic', nodeId: '0123abcd', at: AT }), part)).toBe(name)
  })

  test.each([
    ['{nodes}', '{nodes}'],
    ['{node', '{node'],
    ['node}', '}'],
    ['a/b', '/'],
    ['..\\x', '\\\\'],
    ['a:b', ':'],
    ['a\nb', '\\n'],
    ['x'.repeat(151), 'too long'],
  ])('%j is refused, and the sentence names what is wrong', (pattern, named) => {
    const checked = checkPattern(pattern)
    expect(checked.ok).toBe(false)
    if (!checked.ok)
      expect(checked.fault).toMatchObject({ code: 'bad-argument', message: expect.stringContaining(named) })
  })

  test.each(['', '{date}_{time}_{node}_{part}', 'Aufnahme {id}', '屋 {node}'])('%j is accepted', (pattern) => {
    expect(checkPattern(pattern)).toEqual({ ok: true, value: null })
  })
})

/** Names as an attacker, a careless person and a broken program would choose them. */
function hostileName(next: () => number): string {
  const below = (n: number): number => Math.floor(((next() + 2) / 4) * n)
  const pieces = [
    '..',
    '/',
    '\\',
    '\0',
    'CON',
    'nul.',
    'COM¹',
    '{part}',
    '{node}',
    '%s',
    '$(x)',
    '`',
    '"',
    '*',
    '?',
    '<',
    '|',
    ':',
    ' ',
    '.',
    '-',
    '~',
    '\u202e',
    '\u200b',
    '\ud800',
    '\udfff',
    '🎤',
    'e\u0301',
    '屋',
    '\r\n',
    '\u001b[31m',
    'a',
    'B',
    '7',
    '\u{10ffff}',
    'ﷺ',
    '\u0085',
  ]
  const count = below(3) === 0 ? below(400) : below(8)
  return Array.from({ length: count }, () =>
    below(4) === 0 ? String.fromCodePoint(below(0xd800)) : pieces[below(pieces.length)]!,
  ).join('')
}

const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?:[. ]|$)/i

test('20,000 hostile names and patterns stay in the folder, on every file system', () => {
  const next = uniformNoise(7)
  const patterns = ['', '{node}', '{part}{node}', '{node} {id}', '{id}{node}{date}', '.{node}']
  for (let i = 0; i < 20_000; i++) {
    const [node, nodeId] = [hostileName(next), hostileName(next)]
    const stem = stemOf(patterns[i % patterns.length]!, { node, nodeId, at: AT })
    const name = numbered(partName(stem, 1 + (i % 99_999)), 1 + (i % 999))
    const all = `${JSON.stringify([node, nodeId])} became ${JSON.stringify(name)}`
    for (const made of [name, safeName(node)]) {
      // Windows and FAT: these characters, endings and devices; Linux and macOS: the separator and NUL.
      expect(made, all).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}]/u)
      expect(made, all).not.toMatch(/^[. -]|[. ]$|^$/)
      expect(made, all).not.toMatch(WINDOWS_DEVICE)
      // HFS+ decomposes; what is composed already is the same name for everyone.
      expect(made.normalize('NFC'), all).toBe(made)
    }
    // The longest ending: somebody takes over a claim on the journal.
    const longest = `${name.slice(0, -4)}.journal.owner.${'0'.repeat(36)}`
    expect(Buffer.byteLength(longest), all).toBeLessThanOrEqual(255)
    expect(Buffer.byteLength(`${name}.json.part`), all).toBeLessThanOrEqual(255)
    expect(join('/takes', name), all).toBe(`/takes/${name}`)
    expect(nodeFolder('/takes', node), all).toMatch(/^\/takes\/[^/]+$/)
  }
})
