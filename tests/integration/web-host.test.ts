import { createConnection } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MAX_SCREEN_MESSAGE, type Link } from '#contract/link.ts'
import { MAX_WAITING_BYTES } from '#contract/socket-link.ts'
import { DisposableStore } from '#shared/lifecycle.ts'
import { startWebHost } from '#web/host.ts'
import { hashPassword } from '#web/password.ts'
import { ask, builtScreens, closed, connected, openSocket, originOf, SCRIPT, start } from '../support/web.ts'

let store = new DisposableStore()
afterEach(async () => {
  await store.dispose()
  store = new DisposableStore()
})

describe('files', () => {
  it('are handed out with their type, and hashed ones for good', async () => {
    const web = await start(store)
    const page = await ask(web, '/?from=link')
    expect(page.status).toBe(200)
    expect(page.body).toContain('<title>Farfield</title>')
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' })
    const script = await ask(web, SCRIPT)
    expect(script.body).toBe('export {}\n')
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(script.headers['cache-control']).toContain('immutable')
    const font = await ask(web, '/assets/font.woff2')
    expect(font.headers).toMatchObject({ 'content-type': 'font/woff2', 'cache-control': 'no-cache' })
    expect(await ask(web, '/empty.txt')).toMatchObject({ status: 200, body: '' })
  })

  it('are not sent again to a browser that has them', async () => {
    const web = await start(store)
    const { headers } = await ask(web, '/')
    const again = await ask(web, '/', { headers: { 'If-None-Match': headers.etag! } })
    expect(again).toMatchObject({ status: 304, body: '' })
    expect((await ask(web, '/', { headers: { 'If-None-Match': '"other"' } })).status).toBe(200)
    const head = await ask(web, '/', { method: 'HEAD' })
    expect(head).toMatchObject({ status: 200, body: '' })
    expect(head.headers['content-length']).toBe(headers['content-length'])
  })

  it('carry the headers that keep other sites out', async () => {
    const web = await start(store)
    const host = `127.0.0.1:${web.port}`
    for (const path of ['/', SCRIPT, '/missing', '/host.css']) {
      const { headers } = await ask(web, path)
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; media-src 'self'; connect-src 'self' ws://${host}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
      )
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(headers['access-control-allow-origin']).toBeUndefined()
      expect(headers['x-powered-by']).toBeUndefined()
    }
  })

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/%252e%252e/secret.txt',
    '//../secret.txt',
    '/link.txt',
    '/.hidden',
    '/index.html%00.txt',
    '/%ff',
    '/assets',
    '/assets/',
    '/index.html/',
    '/missing',
  ])('do not include %s', async (path) => {
    const web = await start(store)
    const { status, body } = await ask(web, path)
    expect(status).toBe(404)
    expect(body).toContain('There is no such page here.')
    expect(body).not.toContain('secret')
  })

  it('are for reading: other kinds of request get a sentence', async () => {
    const web = await start(store)
    const post = await ask(web, '/', { method: 'POST', body: 'x' })
    expect(post.status).toBe(405)
    expect(post.headers.allow).toBe('GET, HEAD')
    expect(post.body).toContain('Pages can be read here')
    expect((await ask(web, 'http://elsewhere/')).status).toBe(400)
    expect((await ask(web, '/link')).status).toBe(426)
    // Without a login there is no login page.
    expect((await ask(web, '/login')).status).toBe(404)
  })
})

describe('strangers', () => {
  it.each(['evil.example', 'evil.example:7355', 'localhost.evil.example', '192.168.1.5', 'a b', '127.0.0.1@evil'])(
    'under the name "%s" are refused (DNS rebinding)',
    async (name) => {
      const web = await start(store)
      const answer = await ask(web, '/', { headers: { Host: name } })
      expect([400, 421]).toContain(answer.status)
      expect(answer.body).not.toContain('<title>Farfield</title>')
      const socket = await openSocket(web, { Host: name, Origin: `http://${name}` })
      expect(socket).toMatchObject({ status: 421 })
    },
  )

  it('that are this computer under its loopback names are let in', async () => {
    const web = await start(store)
    for (const name of ['localhost', `localhost:${web.port}`, '[::1]:80', '127.0.0.1'])
      expect((await ask(web, '/', { headers: { Host: name } })).status).toBe(200)
  })

  it.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'file://', 'http://127.0.0.1'])(
    'with the origin %s get no link',
    async (origin) => {
      const web = await start(store)
      expect(await openSocket(web, { Origin: origin })).toMatchObject({ status: 403 })
    },
  )

  it('without an origin, or at another address, get no link', async () => {
    const web = await start(store)
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' }
    const key = { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' }
    expect((await ask(web, '/link', { headers: { ...upgrade, ...key } })).status).toBe(403)
    expect(await openSocket(web, {}, '/other')).toMatchObject({ status: 404 })
  })
})

describe('screens', () => {
  it('are bounded in number', async () => {
    const web = await start(store, { limits: { screens: 2 } })
    const first = await connected(web)
    await connected(web)
    const third = await openSocket(web)
    expect(third).toMatchObject({ status: 503 })
    expect((third as { body: string }).body).toContain('2 screens are open already')
    first.close()
    await closed(first)
    await vi.waitFor(async () => expect(await openSocket(web)).toHaveProperty('readyState'))
  })

  it('that send too much at once are closed, and the others go on', async () => {
    const links: Link[] = []
    const ends: number[] = []
    const web = await start(store, {
      attach: (link) => {
        const place = links.push(link) - 1
        link.onClose(() => ends.push(place))
        return { dispose: () => {} }
      },
    })
    const [greedy, modest] = [await connected(web), await connected(web)]
    modest.send('x'.repeat(MAX_SCREEN_MESSAGE))
    greedy.send('x'.repeat(MAX_SCREEN_MESSAGE + 1))
    expect(await closed(greedy)).toBe(1009)
    await vi.waitFor(() => expect(ends).toEqual([0]))
    expect(modest.readyState).toBe(modest.OPEN)
  })

  it('that send what is no WebSocket are closed', async () => {
    const ends = vi.fn()
    const web = await start(store, {
      attach: (link) => {
        link.onClose(ends)
        return { dispose: () => {} }
      },
    })
    const socket = await connected(web)
    const raw = (socket as unknown as { _socket: NodeJS.WritableStream })._socket
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff]))
    expect(await closed(socket)).toBe(1002)
    await vi.waitFor(() => expect(ends).toHaveBeenCalledTimes(1))
  })

  it('that do not read are closed before they cost memory', async () => {
    const ended = vi.fn()
    let host: Link | undefined
    const web = await start(store, {
      attach: (link) => {
        host = link
        link.onClose(ended)
        return { dispose: () => {} }
      },
    })
    const socket = await connected(web)
    socket.pause()
    const chunk = new Uint8Array(1 << 20)
    let sent = 0
    // What the kernel takes on both sides of the loopback comes on top of the host's own limit.
    for (; ended.mock.calls.length === 0 && sent < 256; sent++) {
      host!.send(chunk)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(ended).toHaveBeenCalledTimes(1)
    expect(sent * chunk.length).toBeGreaterThan(MAX_WAITING_BYTES)
    expect(sent).toBeLessThan(64)
    socket.terminate()
  })

  it('that answer no ping are closed, and those that answer stay', async () => {
    const ends: number[] = []
    let count = 0
    const web = await start(store, {
      limits: { heartbeatMs: 100 },
      attach: (link) => {
        const place = count++
        link.onClose(() => ends.push(place))
        return { dispose: () => {} }
      },
    })
    const dead = await connected(web)
    const alive = await connected(web)
    let pings = 0
    alive.on('ping', () => pings++)
    dead.pause()
    await vi.waitFor(() => expect(ends).toEqual([0]), 5000)
    const before = pings
    await vi.waitFor(() => expect(pings).toBeGreaterThan(before + 2), 5000)
    expect(ends).toEqual([0])
    dead.terminate()
  })

  it('and their links end with the host, each once', async () => {
    const disposed = vi.fn()
    const web = await start(store, { attach: () => ({ dispose: disposed }) })
    const sockets = [await connected(web), await connected(web)]
    const ends = sockets.map(closed)
    await web.close()
    await Promise.all(ends)
    await vi.waitFor(() => expect(disposed).toHaveBeenCalledTimes(2))
    await expect(ask(web, '/')).rejects.toThrow()
    store = new DisposableStore()
  })
})

describe('slow and foreign peers', () => {
  const raw = (port: number, text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = createConnection(port, '127.0.0.1', () => socket.write(text))
      let got = ''
      socket.on('data', (chunk) => (got += chunk.toString()))
      socket.on('close', () => resolve(got))
      socket.on('error', reject)
    })

  it('that never finish their request are closed', async () => {
    const web = await start(store, { limits: { headersMs: 200 } })
    expect(await raw(web.port, 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')).toContain('408')
    expect(await raw(web.port, '')).not.toContain('200')
    expect((await ask(web, '/')).status).toBe(200)
  })

  it('that speak something else are answered and closed', async () => {
    const web = await start(store)
    expect(await raw(web.port, '\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n')).toContain('400')
    expect(
      await raw(web.port, `GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: ${'x'.repeat(20 << 10)}\r\n\r\n`),
    ).toContain('431')
    expect(await raw(web.port, 'GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n')).toContain('421')
    expect(await raw(web.port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toContain('400')
    expect(await raw(web.port, 'GET / HTTP/1.0\r\n\r\n')).toContain('421')
    expect((await ask(web, '/')).status).toBe(200)
  })
})

describe('a start that cannot be', () => {
  const attach = () => ({ dispose: () => {} })

  it('says that the port is in use', async () => {
    const web = await start(store)
    const root = await builtScreens(store)
    const second = await startWebHost({ port: web.port, root, attach })
    expect(second).toMatchObject({ ok: false, fault: { code: 'port-in-use' } })
    expect(second.ok || second.fault.message).toContain(`Port ${web.port} on 127.0.0.1 is in use`)
    expect((await ask(web, '/')).status).toBe(200)
  })

  it('says that the address is not this computer’s', async () => {
    const root = await builtScreens(store)
    const password = await hashPassword('correct horse')
    // An address for documentation (RFC 5737) that no computer has.
    const result = await startWebHost({ host: '192.0.2.1', port: 0, root, attach, password })
    expect(result).toMatchObject({ ok: false, fault: { code: 'bad-address' } })
    expect(result.ok || result.fault.message).toContain('no address 192.0.2.1')
  })

  it('says that the port does not exist', async () => {
    const root = await builtScreens(store)
    for (const port of [-1, 65536, 1.5, NaN])
      expect(await startWebHost({ port, root, attach })).toMatchObject({ fault: { code: 'bad-argument' } })
  })

  it('says that the screens are not built', async () => {
    const result = await startWebHost({ port: 0, root: '/nowhere', attach })
    expect(result).toMatchObject({ ok: false, fault: { code: 'file-missing' } })
    expect(result.ok || result.fault.message).toContain('npm run build')
  })

  it('says that a certificate is none', async () => {
    const root = await builtScreens(store)
    const result = await startWebHost({ port: 0, root, attach, tls: { cert: 'junk', key: 'junk' } })
    expect(result).toMatchObject({ ok: false, fault: { code: 'bad-argument' } })
  })

  it('demands a password where others could reach it', async () => {
    const root = await builtScreens(store)
    const open = [{ host: '0.0.0.0' }, { host: '192.0.2.1' }, { host: '::' }, { allowedHosts: ['attic.example'] }]
    for (const options of [...open, { requireLogin: true }]) {
      const result = await startWebHost({ port: 0, root, attach, ...options })
      expect(result).toMatchObject({ ok: false, fault: { code: 'login-required' } })
      expect(result.ok || result.fault.message).toContain('farfield password')
    }
  })
})

it('names its own address', async () => {
  const web = await start(store)
  expect(originOf(web)).toBe(`http://127.0.0.1:${web.port}`)
})
