/**
 * Chromium alone cannot be taught a new scheme, so `app://name/` is `https://name.app.invalid/` to it: a secure origin
 * with the same meaning of `'self'`. The name never resolves; every request is answered before it would be looked up.
 */
const SUFFIX = '.app.invalid'

export function toChromium(url: string): string {
  const { protocol, host, pathname, search, hash } = new URL(url)
  if (protocol !== 'app:') throw new Error(`The Electron stand-in loads app:// pages only, not ${url}`)
  return `https://${host}${SUFFIX}${pathname}${search}${hash}`
}

/** Any other address is itself. */
export function fromChromium(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'https:' || !parsed.host.endsWith(SUFFIX)) return url
  return `app://${parsed.host.slice(0, -SUFFIX.length)}${parsed.pathname}${parsed.search}${parsed.hash}`
}
