/** Who may see the workstation: everyone where no login is needed, otherwise whoever brings a session's cookie. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import { guesserOf, sameOrigin } from './addresses.ts'
import { redirect, sendSentence, sendText } from './answer.ts'
import { loginPage } from './pages.ts'
import { verifyPassword, type StoredPassword } from './password.ts'
import { Sessions, type SessionId } from './sessions.ts'
import { Throttle } from './throttle.ts'

/** One who was let in; without a session where none is needed. */
export interface Admission {
  readonly session?: SessionId
}

export interface Gate {
  admit(request: IncomingMessage): Admission | undefined
  /** An open screen uses its session. False when the session ended meanwhile. */
  stillIn(admission: Admission): boolean
  /** True where the request was for the login and is answered. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>
}

export const openGate: Gate = {
  admit: () => ({}),
  stillIn: () => true,
  answer: () => Promise.resolve(false),
}

export interface LoginOptions {
  readonly password: StoredPassword
  readonly tls: boolean
  /** Monotonic ms. */
  readonly now: () => number
  /** The session is over: its screens close. */
  readonly onLogout: (session: SessionId) => void
}

const MAX_FORM = 4096

export class LoginGate implements Gate {
  readonly #options: LoginOptions
  readonly #sessions: Sessions
  readonly #throttle: Throttle
  /** Checks run one after the other: each takes 32 MB, and the recorder's disk writes share Node's few threads. */
  #checking: Promise<unknown> = Promise.resolve()

  constructor(options: LoginOptions) {
    this.#options = options
    this.#sessions = new Sessions(options.now)
    this.#throttle = new Throttle(options.now)
  }

  admit(request: IncomingMessage): Admission | undefined {
    const session = this.#sessions.find(cookieOf(request, this.#cookieName(request)))
    return session === undefined ? undefined : { session }
  }

  stillIn({ session }: Admission): boolean {
    return session !== undefined && this.#sessions.use(session)
  }

  async answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (path !== '/login' && path !== '/logout') return false
    response.setHeader('Cache-Control', 'no-store')
    const reading = request.method === 'GET' || request.method === 'HEAD'
    if (path === '/login' && reading) {
      if (this.admit(request)) redirect(response, '/')
      else sendText(request, response, 200, 'text/html', loginPage(hostname()))
    } else if (request.method !== 'POST') {
      response.setHeader('Allow', path === '/login' ? 'GET, HEAD, POST' : 'POST')
      sendSentence(request, response, 405, 'Not possible', 'This address does not take this kind of request.')
    } else if (!sameOrigin(request.headers.origin, request.headers.host)) {
      sendSentence(request, response, 403, 'Refused', 'This request came from another site. Use the page of Farfield.')
    } else if (path === '/login') await this.#login(request, response)
    else this.#logout(request, response)
    return true
  }

  async #login(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await readForm(request)
    if (!form) {
      response.setHeader('Connection', 'close')
      return sendSentence(request, response, 400, 'Not understood', 'This is not the form of the login page.')
    }
    const guesser = guesserOf(request.socket.remoteAddress ?? '')
    const wait = Math.ceil(this.#throttle.begin(guesser) / 1000)
    if (wait > 0) {
      response.setHeader('Retry-After', wait)
      const sentence = `Too many tries. Wait ${wait} ${wait === 1 ? 'second' : 'seconds'}, then try again.`
      return sendText(request, response, 429, 'text/html', loginPage(hostname(), sentence))
    }
    if (!(await this.#check(form.get('password') ?? '')))
      return sendText(
        request,
        response,
        401,
        'text/html',
        loginPage(hostname(), 'This is not the password. Try again.'),
      )
    this.#throttle.forgive(guesser)
    this.#setCookie(request, response, this.#sessions.begin())
    redirect(response, '/')
  }

  #logout(request: IncomingMessage, response: ServerResponse): void {
    const session = this.admit(request)?.session
    if (session !== undefined) {
      this.#sessions.end(session)
      this.#options.onLogout(session)
    }
    this.#setCookie(request, response, '')
    redirect(response, '/login')
  }

  #check(text: string): Promise<boolean> {
    const result = this.#checking.then(() => verifyPassword(text, this.#options.password))
    this.#checking = result.catch(() => {})
    return result
  }

  /** The port is part of the name, because browsers share cookies between the ports of a host. */
  #cookieName(request: IncomingMessage): string {
    return `${this.#options.tls ? '__Host-' : ''}farfield-${request.socket.localPort ?? 0}`
  }

  /** Without an age the cookie goes with the browser; how long it is good for is decided here. */
  #setCookie(request: IncomingMessage, response: ServerResponse, token: string): void {
    const rest = `Path=/; HttpOnly; SameSite=Strict${this.#options.tls ? '; Secure' : ''}${token ? '' : '; Max-Age=0'}`
    response.setHeader('Set-Cookie', `${this.#cookieName(request)}=${token}; ${rest}`)
  }
}

function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}

/** Undefined for anything but a small form. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')) return undefined
  let text = ''
  request.setEncoding('utf8')
  for await (const chunk of request) {
    text += chunk as string
    if (text.length > MAX_FORM) return undefined
  }
  return new URLSearchParams(text)
}
