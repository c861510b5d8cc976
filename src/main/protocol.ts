/**
 * The screens' own origin, `app://farfield/`: files of the built renderer, each with its type and the page's policy.
 * A real origin, unlike file://, so that `'self'` in the policy means exactly these files.
 */
import { readFile } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'
import { protocol } from 'electron'
import { answerTake, isTakePath, type OpenTakeFile } from '#web/take-answer.ts'

export const APP_SCHEME = 'app'
export const APP_HOST = 'farfield'
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`

/** Nothing from outside, nothing inline: a name or a note that a node sends can never become code. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
}

/** Once, before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
}

/** Serves `folder` and the files of finished takes as the origin, from the time the app is ready. */
export function serveApp(folder: string, takeFile: OpenTakeFile): void {
  const root = resolve(folder)
  protocol.handle(APP_SCHEME, async (request) => {
    const { pathname, host } = new URL(request.url)
    if (host === APP_HOST && isTakePath(pathname)) return sendTake(request, pathname, takeFile)
    if (request.method !== 'GET') return refuse(405)
    const file = fileFor(root, request.url)
    const type = file === undefined ? undefined : TYPES[extname(file)]
    if (file === undefined || type === undefined) return refuse(404)
    try {
      return new Response(new Uint8Array(await readFile(file)), { headers: { ...HEADERS, 'content-type': type } })
    } catch {
      return refuse(404)
    }
  })
}

async function sendTake(request: Request, path: string, open: OpenTakeFile): Promise<Response> {
  const { method, headers } = request
  if (method !== 'GET' && method !== 'HEAD') return refuse(405)
  const answer = await answerTake({ method, path, header: (name) => headers.get(name) ?? undefined }, open)
  for (const [name, value] of Object.entries(HEADERS)) answer.headers.set(name, value)
  return answer
}

export function isAppUrl(url: string): boolean {
  return url.startsWith(APP_URL)
}

/** The file that a URL names inside `root`; undefined for another host and for a path that leads out of it. */
export function fileFor(root: string, url: string): string | undefined {
  let path: string
  try {
    const parsed = new URL(url)
    if (parsed.protocol !== `${APP_SCHEME}:` || parsed.host !== APP_HOST) return undefined
    path = decodeURIComponent(parsed.pathname)
  } catch {
    return undefined
  }
  // A backslash separates folders on Windows and never occurs in a built file's name.
  if (path.includes('\0') || path.includes('\\')) return undefined
  const file = resolve(root, `.${path.endsWith('/') ? `${path}index.html` : path}`)
  return file.startsWith(root + sep) ? file : undefined
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: HEADERS })
}
