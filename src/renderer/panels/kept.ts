/** All arrangements of a person: the presets, which of them were changed, the ones of an own name, and the one that is shown. */
import { readArrangement, same, type Arrangement, type Limits } from './arrangement.ts'
import type { Preset } from './presets.ts'

export interface OwnArrangement {
  readonly id: string
  readonly name: string
  readonly panels: Arrangement
}

export interface Kept {
  /** The id of a preset or of an own arrangement. */
  readonly shown: string
  /** What was made of a preset or an own arrangement since, by its id. */
  readonly changed: Readonly<Record<string, Arrangement>>
  /** Newest last. */
  readonly own: readonly OwnArrangement[]
}

/** One that can be shown. */
export interface Choice {
  readonly id: string
  readonly name: string
  /** As it was made or saved. */
  readonly base: Arrangement
  /** As it is. */
  readonly panels: Arrangement
  readonly changed: boolean
  readonly own: boolean
}

export const MOST_OWN = 20
export const LONGEST_NAME = 40

export function choicesOf({ changed, own }: Kept, presets: readonly Preset[]): Choice[] {
  const choice = ({ id, name, panels }: OwnArrangement, isOwn: boolean): Choice => {
    const now = changed[id] ?? panels
    return { id, name, base: panels, panels: now, changed: !same(now, panels), own: isOwn }
  }
  return [...presets.map((preset) => choice(preset, false)), ...own.map((one) => choice(one, true))]
}

/** The one that is shown; the first where nothing else can be. */
export function shownOf(kept: Kept, presets: readonly Preset[]): Choice {
  const choices = choicesOf(kept, presets)
  return choices.find(({ id }) => id === kept.shown) ?? choices[0]!
}

/** What is as it was made counts as never changed. */
export function change(kept: Kept, { id, base }: Choice, panels: Arrangement): Kept {
  return same(panels, base) ? back(kept, id) : { ...kept, changed: { ...kept.changed, [id]: panels } }
}

/** As the preset is, or as it was saved. */
export function back(kept: Kept, id: string): Kept {
  return { ...kept, changed: without(kept.changed, id) }
}

/** What is shown under a name of its own; what it was made from is as it was made again. Under a name that there is, instead of that. */
export function saveAs(kept: Kept, from: Choice, name: string): Kept {
  const before = named(kept, name)
  const id = before?.id ?? freshId(kept)
  const saved = { id, name, panels: from.panels }
  return {
    shown: id,
    changed: without(without(kept.changed, from.id), id),
    own: before ? kept.own.map((one) => (one === before ? saved : one)) : [...kept.own, saved],
  }
}

export function rename(kept: Kept, id: string, name: string): Kept {
  return { ...kept, own: kept.own.map((one) => (one.id === id ? { ...one, name } : one)) }
}

/** An own arrangement goes; the first preset is shown in its place. */
export function forget(kept: Kept, id: string, first: string): Kept {
  return {
    shown: kept.shown === id ? first : kept.shown,
    changed: without(kept.changed, id),
    own: kept.own.filter((one) => one.id !== id),
  }
}

/** It is again what it was in `before`, and shown. */
export function bringBack(kept: Kept, id: string, before: Kept): Kept {
  const at = before.own.findIndex((one) => one.id === id)
  const own = kept.own.some((one) => one.id === id) || at < 0 ? kept.own : kept.own.toSpliced(at, 0, before.own[at]!)
  const changed = before.changed[id]
  return { shown: id, own, changed: changed ? { ...kept.changed, [id]: changed } : kept.changed }
}

/** Undefined where there is none of this name. Names differ by more than capitals. */
export function named({ own }: Kept, name: string): OwnArrangement | undefined {
  return own.find((one) => one.name.toLowerCase() === name.toLowerCase())
}

/** Whatever was kept: what cannot be read is as if it was never there. */
export function readKept(text: string | null, known: readonly Limits[], presets: readonly Preset[]): Kept {
  const { shown, changed, own } = record(json(text))
  const mine = (Array.isArray(own) ? own : [])
    .flatMap((entry: unknown) => {
      const { id, name, panels } = record(entry)
      const read = readArrangement(panels, known)
      return isText(id) && isText(name) && read ? [{ id, name: name.slice(0, LONGEST_NAME), panels: read }] : []
    })
    .filter(({ id }, i, all) => all.findIndex((one) => one.id === id) === i && !presets.some((one) => one.id === id))
    .slice(0, MOST_OWN)
  const ids = [...presets, ...mine].map(({ id }) => id)
  const read = ids.flatMap((id) => {
    const panels = readArrangement(record(changed)[id], known)
    return panels ? [[id, panels] as const] : []
  })
  return { shown: ids.find((id) => id === shown) ?? ids[0]!, changed: Object.fromEntries(read), own: mine }
}

function json(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

function without<T>(all: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => key !== id))
}

function freshId({ own }: Kept): string {
  return `own-${1 + Math.max(0, ...own.map(({ id }) => Number(/\d+$/.exec(id)?.[0] ?? 0)))}`
}
