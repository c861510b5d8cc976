/** What scrolls must be reached by the keyboard; what does not must not be in its way. */
import { useEffect, useRef, type RefObject } from 'react'

export function useScrollFocus(): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = ref.current!
    const look = (): void => {
      const scrolls = element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth
      if (scrolls) element.tabIndex = 0
      else element.removeAttribute('tabindex')
    }
    const resized = new ResizeObserver(look)
    for (const one of [element, ...element.children]) resized.observe(one)
    return () => resized.disconnect()
  }, [])
  return ref
}
