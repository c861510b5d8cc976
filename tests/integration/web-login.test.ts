import { beforeAll, afterEach, describe, expect, it, vi } from 'vitest'
import { DisposableStore } from '#shared/lifecycle.ts'
import { hashPassword, type StoredPassword } from '#web/password.ts'
import type { WebHost, WebHostOptions } from '#web/host.ts'
import { SESSION_MS } from '#web/sessions.ts'
import { ask, closed, connected, cookieOf, logIn, openSocket, originOf, SCRIPT, start } from '../support/web.ts'

const PASSWORD = 'correct horse battery'
let password: StoredPassword
beforeAll(async () => {
  password = await hashPassword(PASSWORD)
})

let store = new DisposableStore()
afterEach(async () => {
  await store.dispose()
  store = new DisposableStore()
})

/** Monotonic ms that only the test moves. */
let now = 0
const open = (options: Partial<WebHostOptions> = {}): Promise<WebHost> => {
  now = 0
  return start(store, { password, requireLogin: true, now: () => now, ...options })
}

describe('without a login', () => {
  it('the page leads to the login, and everything else is refused', async () => {
    const web = await open()
    const page = await ask(web, '/')
    expect(page).toMatchObject({ status: 303, body: '' })
    expect(page.headers.location).toBe('/login')
    for (const path of [SCRIPT, '/missing', '/index.html', '/link']) {
      const { status, body } = await ask(web, path)
      expect(status).toBe(401)
      expect(body).toContain('for those who are logged in')
    }
    expect(await openSocket(web)).toMatchObject({ status: 401 })
    const { port } = web
    expect(await openSocket(web, { Cookie: `farfield-${port}=; farfield-${port}=${'A'.repeat(43)}; x` })).toMatchObject(
      {
        status: 401,
      },
    )
  })

  it('the login page is there, with its style and without a script', async () => {
    const web = await open()
    const page = await ask(web, '/login')
    expect(page.status).toBe(200)
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.headers['content-security-policy']).toContain("form-action 'self'")
    expect(page.body).toContain('<label for="password">')
    expect(page.body).not.toMatch(/<script|style=|role="alert"/)
    const style = await ask(web, '/host.css')
    expect(style.status).toBe(200)
    expect(style.headers['content-type']).toBe('text/css; charset=utf-8')
  })
})

describe('logging in', () => {
  it('opens the pages and the link until logging out, which closes the screen', async () => {
    const ended = vi.fn()
    const web = await open({
      limits: { heartbeatMs: 3_600_000 },
      attach: (link) => {
        link.onClose(ended)
        return { dispose: () => {} }
      },
    })
    const answer = await logIn(web, PASSWORD)
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/')
    expect(answer.headers['set-cookie']).toHaveLength(1)
    const [pair, ...attributes] = answer.headers['set-cookie']![0]!.split('; ')
    expect(pair).toMatch(new RegExp(`^farfield-${web.port}=[\\w-]{43}$`))
    expect(attributes).toEqual(['Path=/', 'HttpOnly', 'SameSite=Strict'])
    const headers = { Cookie: `other=1; ${cookieOf(answer)}` }
    expect((await ask(web, '/', { headers })).body).toContain('<title>Farfield</title>')
    expect((await ask(web, '/login', { headers })).headers.location).toBe('/')
    const screen = await connected(web, headers)
    const other = await connected(web, { Cookie: cookieOf(await logIn(web, PASSWORD)) })

    const end = closed(screen)
    const out = await ask(web, '/logout', { method: 'POST', headers: { ...headers, Origin: originOf(web) } })
    expect(out.headers.location).toBe('/login')
    expect(out.headers['set-cookie']![0]).toContain('Max-Age=0')
    expect(await end).toBe(4401)
    await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(1))
    expect((await ask(web, '/', { headers })).status).toBe(303)
    expect(await openSocket(web, headers)).toMatchObject({ status: 401 })
    expect(other.readyState).toBe(other.OPEN)
  })

  it('with another password shows the page again with a sentence', async () => {
    const web = await open()
    for (const wrong of ['', 'wrong', `${PASSWORD} `, '"><script>', 'x'.repeat(2000)]) {
      now += 3_600_000
      const answer = await logIn(web, wrong)
      expect(answer.status).toBe(401)
      expect(answer.body).toContain('role="alert"')
      expect(answer.body).toContain('This is not the password')
      expect(answer.body).not.toContain('<script')
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
  })

  it('from another site, or without its form, is refused before the password is looked at', async () => {
    const web = await open()
    for (const origin of ['http://evil.example', 'null', `http://localhost:${web.port}`]) {
      expect((await logIn(web, PASSWORD, { Origin: origin })).status).toBe(403)
      const out = await ask(web, '/logout', { method: 'POST', headers: { Origin: origin } })
      expect(out.status).toBe(403)
    }
    expect((await ask(web, '/login', { method: 'POST', body: `password=${PASSWORD}` })).status).toBe(403)
    expect((await logIn(web, PASSWORD, { 'Content-Type': 'application/json' })).status).toBe(400)
    expect((await logIn(web, 'x'.repeat(8 << 20))).status).toBe(400)
    expect((await ask(web, '/logout')).status).toBe(405)
    expect((await ask(web, '/login', { method: 'DELETE' })).headers.allow).toBe('GET, HEAD, POST')
    expect((await logIn(web, PASSWORD)).status).toBe(303)
  })
})

describe('guessing', () => {
  it('is slowed after five tries, longer each time, and even the right password waits', async () => {
    const web = await open()
    for (let i = 0; i < 5; i++) expect((await logIn(web, `wrong ${i}`)).status).toBe(401)
    for (const seconds of [1, 2, 4, 8]) {
      const blocked = await logIn(web, PASSWORD)
      expect(blocked.status).toBe(429)
      expect(blocked.headers['retry-after']).toBe(`${seconds}`)
      expect(blocked.body).toContain(`Wait ${seconds} second`)
      now += seconds * 1000 - 1
      expect((await logIn(web, PASSWORD)).status).toBe(429)
      now += 1
      expect((await logIn(web, 'wrong')).status).toBe(401)
    }
    now += 16_000
    expect((await logIn(web, PASSWORD)).status).toBe(303)
    expect((await logIn(web, 'wrong')).status).toBe(401)
  })

  it('many times at once gains nothing', async () => {
    const web = await open()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => logIn(web, `wrong ${i}`)))
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5)
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(15)
  })
})

describe('a session', () => {
  it('ends 12 h after its last use', async () => {
    const web = await open()
    const headers = { Cookie: cookieOf(await logIn(web, PASSWORD)) }
    for (let i = 0; i < 3; i++) {
      now += SESSION_MS - 1
      expect((await ask(web, '/', { headers })).status).toBe(200)
    }
    now += SESSION_MS
    expect((await ask(web, '/', { headers })).status).toBe(303)
    expect(await openSocket(web, headers)).toMatchObject({ status: 401 })
  })

  it('is used by an open screen, and takes it along when it ends', async () => {
    const web = await open({ limits: { heartbeatMs: 50 } })
    const headers = { Cookie: cookieOf(await logIn(web, PASSWORD)) }
    const screen = await connected(web, headers)
    const beats = async (): Promise<void> => {
      let pings = 0
      screen.on('ping', () => pings++)
      await vi.waitFor(() => expect(pings).toBeGreaterThan(1), 5000)
    }
    for (let i = 0; i < 2; i++) {
      now += SESSION_MS - 1
      await beats()
    }
    expect((await ask(web, '/', { headers })).status).toBe(200)
    const end = closed(screen)
    now += SESSION_MS
    expect(await end).toBe(4401)
  })
})
