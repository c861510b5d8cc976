/** Wall mode: the whole screen for the overview, which stays awake. Escape, or leaving the whole screen, ends it. */
import { useCallback, useEffect, useState } from 'react'
import { stayAwake } from '#renderer/stay-awake.ts'

export function useWall(): { readonly wall: boolean; readonly toggle: () => void } {
  const [wall, setWall] = useState(false)
  const toggle = useCallback(() => setWall((now) => !now), [])
  useEffect(() => {
    if (!wall) return undefined
    const leave = (): void => setWall(false)
    const onFullscreen = (): void => {
      if (!document.fullscreenElement) leave()
    }
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key === 'Escape') leave()
    }
    document.addEventListener('fullscreenchange', onFullscreen)
    document.addEventListener('keydown', onKey)
    const screen = wholeScreen()
    const awake = stayAwake()
    return () => {
      document.removeEventListener('fullscreenchange', onFullscreen)
      document.removeEventListener('keydown', onKey)
      screen()
      awake()
    }
  }, [wall])
  return { wall, toggle }
}

/** Where the whole screen is not to be had, the window is the wall. Returns the way back. */
function wholeScreen(): () => void {
  const entered = document.documentElement.requestFullscreen().catch(() => {})
  const leave = async (): Promise<void> => {
    await entered
    if (document.fullscreenElement) await document.exitFullscreen()
  }
  return () => void leave()
}
