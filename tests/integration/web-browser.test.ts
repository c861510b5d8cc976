/** The login page and the link in a real browser: what it enforces (CSP, Origin, cookies) is its own and not ours to imitate. */
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DisposableStore } from '#shared/lifecycle.ts'
import type { Link } from '#contract/link.ts'
import { hashPassword } from '#web/password.ts'
import { CHROMIUM } from '../support/chromium.ts'
import { builtScreens, SCRIPT, start } from '../support/web.ts'

const store = new DisposableStore()
let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch(CHROMIUM)
  store.defer(() => browser.close())
})
afterAll(() => store.dispose())

it('a person logs in with the keyboard, the page opens its link, and nothing breaks the policy', async () => {
  const root = await builtScreens(store)
  await appendFile(
    join(root, SCRIPT),
    `const socket = new WebSocket(location.origin.replace('http', 'ws') + '/link')
     socket.onmessage = (event) => { document.body.append(event.data) }
     socket.onclose = (event) => { document.body.append(' closed ' + event.code) }
     document.body.style.color = 'rgb(1, 2, 3)'`,
  )
  let link: Link | undefined
  const web = await start(store, {
    root,
    requireLogin: true,
    password: await hashPassword('correct horse battery'),
    attach: (opened) => {
      link = opened
      opened.send('hello from the host')
      return { dispose: () => {} }
    },
  })
  const page = await browser.newPage({ colorScheme: 'dark' })
  const complaints: string[] = []
  page.on('console', (message) => {
    // The wrong password's own status is what the browser complains of.
    if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))

  await page.goto(web.url)
  expect(page.url()).toBe(`${web.url}login`)
  // The page itself puts the cursor there, a moment after it was loaded.
  const focused = page.locator('input[type=password]:focus')
  await focused.waitFor()
  await page.keyboard.type('wrong password')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toBe('This is not the password. Try again.')
  expect(await page.getByLabel('Password').getAttribute('aria-invalid')).toBe('true')
  const dark = await background()
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await background()).not.toBe(dark)

  await focused.waitFor()
  await page.keyboard.type('correct horse battery')
  await page.keyboard.press('Enter')
  await page.getByText('hello from the host').waitFor()
  expect(page.url()).toBe(web.url)
  expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(1, 2, 3)')
  expect(await page.evaluate(() => document.cookie)).toBe('')
  expect(complaints).toEqual([])

  link!.close()
  await page.getByText('closed 1005').waitFor()

  async function background(): Promise<string> {
    return page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  }
})

it('the policy keeps out scripts in the page and links to elsewhere', async () => {
  const root = await builtScreens(store)
  await appendFile(join(root, 'index.html'), '<body><script>document.title = "broken"</script><p>body</p>')
  const web = await start(store, { root })
  const page = await browser.newPage()
  await page.goto(web.url)
  expect(await page.title()).toBe('Farfield')
  const blocked = await page.evaluate(
    (port) =>
      new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
        const socket = new WebSocket(`ws://127.0.0.1:${port}/link`)
        socket.onopen = () => resolve('opened')
      }),
    web.port + 1,
  )
  expect(blocked).toBe('connect-src')
})

it('a page of another origin gets neither the files nor the link', async () => {
  const web = await start(store)
  const stranger = await start(store, { root: await builtScreens(store) })
  const page = await browser.newPage({ bypassCSP: true })
  await page.goto(stranger.url.replace('127.0.0.1', 'localhost'))
  const got = await page.evaluate(async (url) => {
    const fetched = await fetch(url, { mode: 'no-cors' }).then(
      () => 'fetched',
      () => 'refused',
    )
    const linked = await new Promise<string>((resolve) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}link`)
      socket.onopen = () => resolve('opened')
      socket.onerror = () => resolve('refused')
    })
    return { fetched, linked }
  }, web.url)
  expect(got).toEqual({ fetched: 'refused', linked: 'refused' })
})
