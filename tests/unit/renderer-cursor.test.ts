import { expect, test } from 'vitest'
import { Cursor, read, type Field } from '#meters/draw/cursor.ts'

/** Ten places of 10 px; with Shift keys go by three. */
const FIELD: Field = {
  placeAt: (x) => (x < 0 || x >= 100 ? undefined : Math.floor(x / 10)),
  step: (from, { across, far }) => Math.max(0, Math.min(9, (from ?? -1) + across * (far ? 3 : 1))),
}

/** What a cursor needs of an element, 5 px from the left edge of the window. */
function open() {
  const element = Object.assign(new EventTarget(), { getBoundingClientRect: () => ({ left: 5, top: 0 }) })
  const changes: boolean[] = []
  const cursor = new Cursor(element as unknown as HTMLElement, FIELD, (byKeys) => changes.push(byKeys))
  const send = (type: string, facts: object): Event => {
    const event = Object.assign(new Event(type, { cancelable: true }), facts)
    element.dispatchEvent(event)
    return event
  }
  return {
    cursor,
    changes,
    move: (x: number) => send('pointermove', { clientX: x + 5, clientY: 0 }),
    leave: () => send('pointerleave', {}),
    drag: (from: number, to: number) => {
      send('pointerdown', { button: 0, clientX: from + 5, clientY: 0 })
      send('pointerup', { button: 0, clientX: to + 5, clientY: 0 })
    },
    key: (key: string, more = {}) =>
      send('keydown', { key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more }),
  }
}

test('follows the pointer, and leaves with it', () => {
  const { cursor, changes, move, leave } = open()
  expect(read(cursor)).toEqual({})
  move(42)
  expect(read(cursor)).toEqual({ at: 4 })
  move(-3)
  expect(read(cursor)).toEqual({})
  move(42)
  leave()
  expect(read(cursor)).toEqual({})
  expect(changes).toEqual([false, false, false, false])
})

test('a click keeps it, the pointer is compared with it, and a second click with the first', () => {
  const { cursor, move, leave, drag } = open()
  drag(20, 22)
  leave()
  expect(read(cursor)).toEqual({ at: 2 })
  move(77)
  expect(read(cursor)).toEqual({ at: 7, against: 2 })
  drag(77, 30)
  leave()
  expect(read(cursor), 'a drag is no click').toEqual({ at: 2 })
  drag(80, 80)
  leave()
  expect(read(cursor)).toEqual({ at: 8, against: 2 })
  drag(50, 50)
  expect([cursor.kept, cursor.before]).toEqual([5, 8])
})

test('keys move what is kept, Enter keeps another, Escape ends', () => {
  const { cursor, changes, key, move } = open()
  expect(key('ArrowRight').defaultPrevented).toBe(true)
  key('ArrowRight', { shiftKey: true })
  expect(read(cursor)).toEqual({ at: 3 })
  key('Enter')
  key('ArrowRight')
  expect(read(cursor)).toEqual({ at: 4, against: 3 })
  expect(changes).toEqual([true, true, true, true])
  expect(key('Escape').defaultPrevented).toBe(true)
  expect(read(cursor)).toEqual({})
  expect(key('Escape').defaultPrevented, 'then it belongs to others').toBe(false)
  move(60)
  key('ArrowLeft')
  expect(read(cursor), 'from where the pointer was, which no longer counts').toEqual({ at: 5 })
})

test('keys with modifiers, other keys, and what comes after its end are not its own', () => {
  const { cursor, key } = open()
  for (const event of [key('ArrowRight', { ctrlKey: true }), key('ArrowLeft', { altKey: true }), key('a')])
    expect(event.defaultPrevented).toBe(false)
  cursor.dispose()
  expect(key('ArrowRight').defaultPrevented).toBe(false)
  expect(read(cursor)).toEqual({})
})
