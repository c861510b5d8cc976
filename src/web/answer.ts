/** Short answers: a page of our own, or a way to another. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { sentencePage } from './pages.ts'

export function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: 'text/html' | 'text/css',
  body: string,
): void {
  const bytes = Buffer.from(body)
  response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8`, 'Content-Length': bytes.length })
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

export function sendSentence(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  title: string,
  sentence: string,
): void {
  response.setHeader('Cache-Control', 'no-store')
  sendText(request, response, status, 'text/html', sentencePage(title, sentence))
}

/** The browser asks for `path` next, with GET. */
export function redirect(response: ServerResponse, path: string): void {
  response.writeHead(303, { Location: path, 'Cache-Control': 'no-store', 'Content-Length': 0 }).end()
}
