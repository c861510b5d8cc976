/** What a person chose about the meters of a node: checked when it is said, and again when it is remembered. */
import { settle, type Choices, type MeterDefinition, type Settings } from '#meters/meter.ts'
import { METERS } from '#meters/registry.ts'
import { fail, ok, type Result } from '#shared/result.ts'

/** By meter; what is left out is as initially. */
export type Chosen = Readonly<Record<string, Settings>>

type Settled = Readonly<Record<string, string | number>>

/** `chosen` with `settings` in force. Fault: `bad-argument`, where there is no such meter, choice or value. */
export function choose(chosen: Chosen, meter: string, settings: Settings): Result<Chosen> {
  const choices = definitionOf(meter)?.choices
  if (!choices) return fail('bad-argument', `There is nothing to choose about a meter "${meter}".`)
  for (const [name, value] of Object.entries(settings)) {
    const choice = choiceOf(choices, name)
    if (!choice) return fail('bad-argument', `The meter "${meter}" has no choice "${name}".`)
    if (!choice.values.includes(value!))
      return fail('bad-argument', `${choice.title} cannot be ${value}. Choose one of ${choice.values.join(', ')}.`)
  }
  return ok({ ...chosen, [meter]: { ...chosen[meter], ...settings } })
}

/** As much of what was remembered as is still offered. */
export function recall(raw: unknown): Chosen {
  const chosen: Record<string, Settings> = {}
  for (const [meter, settings] of Object.entries(isRecord(raw) ? raw : {})) {
    const choices = definitionOf(meter)?.choices
    if (!choices || !isRecord(settings)) continue
    const offered = Object.entries(settings).filter(([name, value]) =>
      choiceOf(choices, name)?.values.includes(value as string),
    )
    if (offered.length > 0) chosen[meter] = Object.fromEntries(offered) as Settings
  }
  return chosen
}

/** Every choice of every meter that has some. */
export function inForce(chosen: Chosen): Readonly<Record<string, Settled>> {
  const all: Record<string, Settled> = {}
  for (const { id, choices } of METERS) if (choices) all[id] = settle(choices, chosen[id] ?? {}) as Settled
  return all
}

function definitionOf(id: string): MeterDefinition | undefined {
  return METERS.find((meter) => meter.id === id)
}

function choiceOf(choices: Choices, name: string): Choices[string] | undefined {
  return Object.hasOwn(choices, name) ? choices[name] : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
