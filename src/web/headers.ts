/** What every answer carries, so that a page of ours runs our code alone and no other site can frame, read or post to it. */

/** `host`: the checked `Host` header. Older browsers do not count a WebSocket as 'self', hence its own entry. */
export function securityHeaders(host: string, tls: boolean): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self'",
    `connect-src 'self' ${tls ? 'wss' : 'ws'}://${host}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ]
  return { ...PLAIN_HEADERS, 'Content-Security-Policy': policy.join('; ') }
}

/** For answers to those whose `Host` is not to be repeated. */
export const PLAIN_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  // Not 'no-referrer': under it browsers send `Origin: null` with our own login form.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  'X-Frame-Options': 'DENY',
}
