import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { DisposableStore } from '#shared/lifecycle.ts'
import { hashPassword } from '#web/password.ts'
import { originOf, start } from '../support/web.ts'

const store = new DisposableStore()
afterAll(() => store.dispose())

let tls: { cert: string; key: string }
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'farfield-tls-'))
  store.defer(() => rm(folder, { recursive: true }))
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
  execFileSync('openssl', ['req', '-x509', '-nodes', ...curve, ...subject, '-keyout', files.key, '-out', files.cert], {
    stdio: 'pipe',
  })
  tls = { cert: await readFile(files.cert, 'utf8'), key: await readFile(files.key, 'utf8') }
})

it('under TLS the cookie is bound to it, and the link works as without', async () => {
  const web = await start(store, {
    tls,
    requireLogin: true,
    password: await hashPassword('correct horse battery'),
    attach: (link) => {
      link.send('hello')
      return { dispose: () => {} }
    },
  })
  expect(web.url).toBe(`https://127.0.0.1:${web.port}/`)
  const headers = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: originOf(web) }
    const asked = request(
      `${web.url}login`,
      { method: 'POST', ca: tls.cert, agent: false, headers: form },
      (response) => {
        response.resume()
        resolve(response.headers)
      },
    )
    asked.on('error', reject)
    asked.end('password=correct+horse+battery')
  })
  expect(headers['content-security-policy']).toContain(`wss://127.0.0.1:${web.port}`)
  const cookie = headers['set-cookie']![0]!
  expect(cookie).toMatch(/^__Host-farfield-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
  const socket = new WebSocket(`${web.url.replace('https', 'wss')}link`, {
    ca: tls.cert,
    origin: originOf(web),
    headers: { Cookie: cookie.split(';')[0]! },
  })
  const message = await new Promise((resolve, reject) => {
    socket.once('message', (data: Buffer) => resolve(data.toString()))
    socket.once('error', reject)
  })
  expect(message).toBe('hello')
  socket.terminate()
})
