/** What a careful eye would not let pass, found by measuring. Runs in the page: it has to stand by itself. */

/** One line for each flaw of what can be seen now: text that is cut, lies on other text or beside its box; boxes on boxes; panels that are not seen whole; bars to scroll sideways. */
export function flawsOf(): string[] {
  interface Piece {
    readonly text: string
    readonly element: Element
    readonly whole: DOMRect
    /** Of it, what its ancestors let through. */
    readonly seen: DOMRect
  }

  /** Of a line: glyphs keep away from its edges by about so much. */
  const LEADING = 0.25
  const BOXES = '.panel, .tile, .dialog, .notice, .button, .badge, td, th'
  const flaws: string[] = []
  const say = (what: string, element: Element, text = ''): void => {
    const name = `${element.tagName.toLowerCase()}.${(element.getAttribute('class') ?? '').replaceAll(' ', '.')}`
    flaws.push(`${what}: ${name}${text ? ` "${text.slice(0, 60)}"` : ''}`)
  }

  /** The part of `rect` that ancestors of `element` let through; says where text is cut without an ellipsis. */
  const throughAncestors = (element: Element, rect: DOMRect, text: string): DOMRect => {
    let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom]
    for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at)
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue
      const box = at.getBoundingClientRect()
      // Left for screen readers alone.
      if (box.width <= 1 || box.height <= 1) return new DOMRect()
      const scrolls = (way: string): boolean => way === 'auto' || way === 'scroll'
      const sideways = right > box.right + 1 || left < box.left - 1
      if (
        sideways &&
        !scrolls(style.overflowX) &&
        style.textOverflow !== 'ellipsis' &&
        right > box.left &&
        left < box.right
      )
        say('cut at the side', at, text)
      const leading = LEADING * rect.height
      const upright = bottom > box.bottom + leading || top < box.top - leading
      if (upright && !scrolls(style.overflowY) && bottom > box.top + leading && top < box.bottom - leading)
        say('cut above or below', at, text)
      left = Math.max(left, box.left)
      right = Math.min(right, box.right)
      top = Math.max(top, box.top)
      bottom = Math.min(bottom, box.bottom)
      if (right <= left || bottom <= top) return new DOMRect()
      if (style.position === 'fixed') break
    }
    return new DOMRect(left, top, right - left, bottom - top)
  }

  /** As a dialog, a menu, a notice or the head of a list lies over what is under it. */
  const isLaidOver = (top: Element, element: Element): boolean => {
    for (let at: Element | null = top; at && !at.contains(element); at = at.parentElement) {
      const { position, zIndex } = getComputedStyle(at)
      if (position === 'fixed' || position === 'sticky' || (position !== 'static' && zIndex !== 'auto')) return true
    }
    return false
  }

  const pieces: Piece[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? ''
    const element = node.parentElement!
    if (text === '' || element.closest('option, script, style, title')) continue
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    for (const rect of range.getClientRects()) {
      if (rect.width === 0) continue
      const seen = throughAncestors(element, rect, text)
      if (seen.width === 0) continue
      const inSight = seen.bottom > 0 && seen.top < innerHeight
      if (inSight && (seen.right > innerWidth + 1 || seen.left < -1)) say('beside the window', element, text)
      const top = document.elementFromPoint(seen.x + seen.width / 2, seen.y + seen.height / 2)
      if (!top || isLaidOver(top, element)) continue
      pieces.push({ text, element, whole: rect, seen })
    }
    if (/\b(NaN|undefined|Infinity|\[object)\b/.test(text)) say('not a text for people', element, text)
  }

  for (const { text, element, whole, seen } of pieces) {
    const box = element.closest(BOXES)?.getBoundingClientRect()
    const ellipsis = seen.width < whole.width - 1
    if (box && !ellipsis && (whole.right > box.right + 1 || whole.left < box.left - 1))
      say('beside its box', element, text)
  }
  for (const [i, a] of pieces.entries())
    for (const b of pieces.slice(i + 1)) {
      // What an ellipsis shortens has a rectangle for each part.
      if (a.element === b.element) continue
      const width = Math.min(a.seen.right, b.seen.right) - Math.max(a.seen.left, b.seen.left)
      const height = Math.min(a.seen.bottom, b.seen.bottom) - Math.max(a.seen.top, b.seen.top)
      if (width <= 2 || height <= 0.4 * Math.min(a.seen.height, b.seen.height)) continue
      if (!isLaidOver(a.element, b.element) && !isLaidOver(b.element, a.element))
        say(`on other text ("${b.text.slice(0, 40)}")`, a.element, a.text)
    }

  /** What lies in different layers or rooms may lie over each other: a menu, what has scrolled away. */
  const roomOf = (box: Element): Element | null | undefined =>
    box.parentElement?.closest('[data-modal], .panel, .toolbar, .dock, main')
  for (const kind of ['.panel', '.tile', '.notice', '.button']) {
    const boxes = [...document.querySelectorAll(kind)].filter((one) => one.checkVisibility({ opacityProperty: true }))
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1)) {
        if (a.contains(b) || roomOf(a) !== roomOf(b)) continue
        const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()]
        const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left)
        const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top)
        if (wide > 1 && high > 1) say(`on another ${kind}`, a, a.textContent ?? '')
      }
  }
  for (const element of document.querySelectorAll('*')) {
    if (element.scrollWidth <= element.clientWidth + 1 || element.clientWidth === 0) continue
    const { overflowX } = getComputedStyle(element)
    const root = element === document.scrollingElement
    if (overflowX === 'auto' || overflowX === 'scroll' || (root && overflowX === 'visible'))
      say('scrolls sideways', element)
  }
  // A list in a panel may be longer than it, and the link has always more to tell; any other panel is seen whole.
  for (const body of document.querySelectorAll('.panel:not(.panel-link) > .panel-body'))
    if (body.scrollHeight > body.clientHeight + 2) say('higher than its panel', body.closest('.panel')!)
  return [...new Set(flaws)]
}
