/** Keeps the screen on where the browser can; returns the way to end it. */
export function stayAwake(): () => void {
  let ended = false
  const lock = async (): Promise<WakeLockSentinel | undefined> => {
    try {
      return await navigator.wakeLock.request('screen')
    } catch {
      // Not over plain http, not in the background: then the system's own settings decide.
      return undefined
    }
  }
  let held = lock()
  // The browser lets go of it whenever the page is hidden.
  const again = (): void => {
    if (!document.hidden && !ended) held = lock()
  }
  document.addEventListener('visibilitychange', again)
  return () => {
    ended = true
    document.removeEventListener('visibilitychange', again)
    void held.then((sentinel) => sentinel?.release())
  }
}
