/** What to take pictures of and where they go: told by the command to the scenes through the environment. */
import { fileURLToPath } from 'node:url'

export interface Size {
  readonly name: string
  readonly width: number
  readonly height: number
}

export const THEMES = ['dark', 'light'] as const
export type ThemeName = (typeof THEMES)[number]

/** The least that a laptop has, and the most common screen. */
export const SIZES: readonly Size[] = [
  { name: '1280x800', width: 1280, height: 800 },
  { name: '1920x1080', width: 1920, height: 1080 },
]

export const OUT = fileURLToPath(new URL('../out/pictures', import.meta.url))

export interface Choices {
  readonly out: string
  readonly themes: readonly ThemeName[]
  readonly sizes: readonly Size[]
}

const [OUT_KEY, THEME_KEY, SIZE_KEY] = [
  'FARFIELD_PICTURES',
  'FARFIELD_PICTURES_THEME',
  'FARFIELD_PICTURES_SIZE',
] as const

/** As `choicesOf` reads them. */
export function environmentOf({ out, themes, sizes }: Choices): Record<string, string> {
  return { [OUT_KEY]: out, [THEME_KEY]: themes.join(), [SIZE_KEY]: sizes.map(({ name }) => name).join() }
}

export function choicesOf(environment: Readonly<Record<string, string | undefined>>): Choices {
  const named = <T>(key: string, all: readonly T[], nameOf: (one: T) => string): readonly T[] => {
    const names = environment[key]?.split(',')
    return names ? all.filter((one) => names.includes(nameOf(one))) : all
  }
  return {
    out: environment[OUT_KEY] ?? OUT,
    themes: named(THEME_KEY, THEMES, (theme) => theme),
    sizes: named(SIZE_KEY, SIZES, ({ name }) => name),
  }
}
