/** Hands out the built screens: files below one folder and nothing else. */
import { open, realpath, type FileHandle } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** The bundler writes a hash of the content into the name, so such a file never changes. */
const HASHED = /^\/assets\/.*-[\w-]{8}\.\w+$/

/**
 * Answers with the file of `path` (a URL path, still percent-encoded; `/` is index.html). False, with nothing written,
 * where there is no such file below `root`: a way out of the folder, by dots, encoding or symbolic link, is no such file.
 */
export async function sendFile(
  root: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const name = decode(path)
  if (name === undefined) return false
  const file = await openBelow(root, name)
  if (!file) return false
  try {
    const { size, mtimeMs } = await file.stat()
    const tag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`
    response.setHeader('ETag', tag)
    response.setHeader('Cache-Control', HASHED.test(name) ? 'private, max-age=31536000, immutable' : 'no-cache')
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304).end()
      return true
    }
    response.writeHead(200, {
      'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
      'Content-Length': size,
    })
    if (request.method === 'HEAD' || size === 0) response.end()
    // `end` keeps the promised length even where the file grows meanwhile.
    else await pipeline(file.createReadStream({ start: 0, end: size - 1, autoClose: false }), response)
    return true
  } finally {
    await file.close()
  }
}

function decode(path: string): string | undefined {
  try {
    const name = decodeURIComponent(path)
    const parts = name.split('/')
    if (/[\\\0:]/.test(name) || parts.some((part) => part.startsWith('.'))) return undefined
    return name === '/' ? '/index.html' : name
  } catch {
    return undefined
  }
}

async function openBelow(root: string, name: string): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined
  try {
    const base = await realpath(root)
    const target = await realpath(join(base, name))
    if (!target.startsWith(base + sep)) return undefined
    file = await open(target)
    if ((await file.stat()).isFile()) return file
  } catch {
    // Missing, a folder in place of a file or not readable: to a browser they are the same.
  }
  await file?.close()
  return undefined
}
