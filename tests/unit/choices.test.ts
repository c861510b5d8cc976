import { describe, expect, test } from 'vitest'
import { choose, inForce, recall } from '#engine/choices.ts'

const INITIAL = { size: 'auto', window: 'hann', overlap: 50, average: 'exponential', hold: 'off', channel: 'mean' }
const PAIR = { left: 1, right: 2 }

describe('what is chosen about meters', () => {
  test('is the initial choice until somebody chooses, and then all that was chosen in turn', () => {
    expect(inForce({})).toEqual({ spectrum: INITIAL, correlation: PAIR })
    const first = choose({}, 'spectrum', { size: 16_384, window: 'flat-top' })
    const second = first.ok ? choose(first.value, 'spectrum', { window: 'hann' }) : first
    expect(second).toEqual({ ok: true, value: { spectrum: { size: 16_384, window: 'hann' } } })
    expect(inForce(second.ok ? second.value : {})).toEqual({
      spectrum: { ...INITIAL, size: 16_384 },
      correlation: PAIR,
    })
  })

  test.each([
    ['loudness', { size: 512 }, 'There is nothing to choose about a meter "loudness".'],
    ['none', {}, 'There is nothing to choose about a meter "none".'],
    ['spectrum', { colour: 'red' }, 'The meter "spectrum" has no choice "colour".'],
    ['spectrum', { constructor: 1 }, 'The meter "spectrum" has no choice "constructor".'],
    ['spectrum', { overlap: 51 }, 'Overlap, % cannot be 51. Choose one of 0, 50, 75.'],
    ['spectrum', { size: '512' }, /^FFT size, frames cannot be 512\./],
  ])('is refused in words where it is not offered: %s %j', (meter, settings, message) => {
    const chosen = choose({}, meter, settings)
    expect(chosen).toMatchObject({ ok: false, fault: { code: 'bad-argument' } })
    if (!chosen.ok) expect(chosen.fault.message).toMatch(message)
  })

  test('is recalled as far as it is still offered', () => {
    const settings = { size: 1000, window: 'hann', hold: true, gone: 1 }
    expect(recall({ spectrum: settings, loudness: { x: 1 }, __proto__: {}, phaser: {} })).toEqual({
      spectrum: { window: 'hann' },
    })
    for (const raw of [undefined, null, 7, 'spectrum', [1], { spectrum: 5 }, { spectrum: { size: 3 } }])
      expect(recall(raw)).toEqual({})
  })
})
