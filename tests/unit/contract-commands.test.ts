/** What a stranger may send as a command, and what is refused before the engine sees it. */
import { describe, expect, test } from 'vitest'
import { dispatch, type CommandHandlers } from '#contract/commands.ts'

/** Answers with what it was called with. */
const echo = new Proxy({} as CommandHandlers, {
  get: () => (args: unknown) => Promise.resolve({ ok: true, value: args }),
})

describe('meters.pause', () => {
  test.each([true, false])('takes a node and %s', async (paused) => {
    const args = { node: 3, paused, more: 'left out' }
    expect(await dispatch(echo, 'meters.pause', args)).toEqual({ ok: true, value: { node: 3, paused } })
  })

  test.each([{ node: 3 }, { node: 3, paused: 1 }, { node: -1, paused: true }, { paused: true }, undefined])(
    'refuses %j',
    async (args) => {
      expect(await dispatch(echo, 'meters.pause', args)).toMatchObject({ ok: false, fault: { code: 'bad-command' } })
    },
  )
})

describe('meters.choose', () => {
  test('takes words and numbers by name', async () => {
    const args = { node: 1, meter: 'spectrum', settings: { size: 16_384, window: 'flat-top' } }
    expect(await dispatch(echo, 'meters.choose', args)).toEqual({ ok: true, value: args })
  })

  test.each([
    { node: 1, meter: '', settings: {} },
    { node: 1, meter: 'spectrum' },
    { node: 1, meter: 'spectrum', settings: null },
    { node: 1, meter: 'spectrum', settings: ['size', 512] },
    { node: 1, meter: 'spectrum', settings: { size: NaN } },
    { node: 1, meter: 'spectrum', settings: { size: { valueOf: 512 } } },
    { node: 1, meter: 'spectrum', settings: { window: 'x'.repeat(5000) } },
    { node: 1, meter: 'spectrum', settings: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [i, i])) },
    { node: 'one', meter: 'spectrum', settings: {} },
  ])('refuses %j', async (args) => {
    expect(await dispatch(echo, 'meters.choose', args)).toMatchObject({ ok: false, fault: { code: 'bad-command' } })
  })
})
