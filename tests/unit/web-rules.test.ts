import { describe, expect, it } from 'vitest'
import { guesserOf, hostAllowed, hostsToOpen, isLoopback, sameOrigin, urlHost } from '#web/addresses.ts'
import { checkPassword, hashPassword, isStoredPassword, MAX_PASSWORD, verifyPassword } from '#web/password.ts'
import { Sessions } from '#web/sessions.ts'
import { Throttle } from '#web/throttle.ts'

describe('loopback', () => {
  it.each(['127.0.0.1', '127.255.3.4', 'localhost', 'LOCALHOST', '::1', '[::1]', '::ffff:127.0.0.1'])(
    'is %s',
    (host) => {
      expect(isLoopback(host)).toBe(true)
    },
  )
  const others = [
    '0.0.0.0',
    '::',
    '',
    '10.0.0.1',
    '128.0.0.1',
    'localhost.example',
    '127.0.0.1.example',
    '127.1',
    'fe80::1',
  ]
  it.each([...others, '::ffff:10.0.0.1', '1270.0.0.1', 'farfield'])('is not %s', (host) => {
    expect(isLoopback(host)).toBe(false)
  })
})

describe('a host name', () => {
  it('on loopback is a loopback name or one that the user gave', () => {
    for (const header of ['localhost', 'localhost:7355', '127.0.0.1:1', '[::1]:7355', 'attic.example:443'])
      expect(hostAllowed(header, true, ['attic.example'])).toBe(true)
    for (const header of [
      '10.0.0.1',
      'evil.example',
      'attic.example.evil',
      '',
      undefined,
      'localhost:7355:1',
      '[::1',
      'a/b',
    ])
      expect(hostAllowed(header, true, ['attic.example'])).toBe(false)
  })
  it('elsewhere is also any literal address, which cannot be rebound', () => {
    for (const header of ['10.0.0.1:7355', '[fe80::1]:7355', 'PI.local:7355', 'localhost'])
      expect(hostAllowed(header, false, ['pi.local'])).toBe(true)
    for (const header of ['evil.example', '10.0.0.1.evil.example', '10.0.0.256'])
      expect(hostAllowed(header, false, ['pi.local'])).toBe(false)
  })
})

it('a listener on every interface is opened under each address that a browser takes', () => {
  const own = ['127.0.0.1', '::1', '192.0.2.7', '2001:db8::7', 'fe80::7']
  expect(hostsToOpen('0.0.0.0', own)).toEqual(['localhost', '192.0.2.7'])
  expect(hostsToOpen('::', own)).toEqual(['localhost', '192.0.2.7', '2001:db8::7'])
  expect(hostsToOpen('127.0.0.1', own)).toEqual(['127.0.0.1'])
  expect(urlHost('2001:db8::7')).toBe('[2001:db8::7]')
  expect(urlHost('[::1]')).toBe('[::1]')
})

it('an origin is the same where scheme and host are those of the request', () => {
  expect(sameOrigin('http://pi:7355', 'PI:7355')).toBe(true)
  expect(sameOrigin('https://[::1]:1', '[::1]:1')).toBe(true)
  for (const origin of [
    'http://pi',
    'http://pi:7355/',
    'http://a@pi:7355',
    'ws://pi:7355',
    'pi:7355',
    'null',
    undefined,
  ])
    expect(sameOrigin(origin, 'pi:7355')).toBe(false)
})

it('a guesser is an IPv4 address or an IPv6 /64', () => {
  expect(guesserOf('::ffff:10.0.0.1')).toBe('10.0.0.1')
  expect(guesserOf('10.0.0.1')).toBe('10.0.0.1')
  expect(guesserOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2')
  expect(guesserOf('2001:db8:1:2::9')).toBe(guesserOf('2001:db8:1:2:ffff::'))
  expect(guesserOf('2001:db8::1')).toBe('2001:db8:0:0')
  expect(guesserOf('fe80::1%eth0')).toBe('fe80:0:0:0')
  expect(guesserOf('::1')).toBe('0:0:0:0')
})

describe('a password', () => {
  it('is told from every other one, and its hash tells nothing', async () => {
    const stored = await hashPassword('attic microphones')
    expect(await verifyPassword('attic microphones', stored)).toBe(true)
    for (const wrong of ['attic microphone', 'Attic microphones', '', 'x'.repeat(100_000)])
      expect(await verifyPassword(wrong, stored)).toBe(false)
    expect(await hashPassword('attic microphones')).not.toEqual(stored)
    expect(stored).toMatchObject({ N: 32768, r: 8, p: 1 })
    expect(JSON.stringify(stored)).not.toContain('attic')
  })
  it('is the same however its accents were typed', async () => {
    const stored = await hashPassword('caf\u00e9 au grenier')
    expect(await verifyPassword('cafe\u0301 au grenier', stored)).toBe(true)
  })
  it('is what RFC 7914 makes of it', async () => {
    // Section 12, third vector, shortened to the 32 bytes that are stored: scrypt's first block does not depend on the length.
    const hash = '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2'
    const stored = {
      salt: Buffer.from('SodiumChloride').toString('base64'),
      hash: Buffer.from(hash, 'hex').toString('base64'),
      N: 16384,
      r: 8,
      p: 1,
    }
    expect(await verifyPassword('pleaseletmein', stored)).toBe(true)
  })
  it('has a length, and a sentence says which', async () => {
    expect(checkPassword('ten chars!')).toMatchObject({ ok: true })
    const short = checkPassword('nine char')
    expect(short).toMatchObject({ ok: false, fault: { code: 'bad-argument' } })
    expect(short.ok || short.fault.message).toContain('at least 10 characters; this one has 9')
    expect(checkPassword('x'.repeat(MAX_PASSWORD + 1)).ok).toBe(false)
    await expect(hashPassword('short')).rejects.toThrow()
  })
  it('in a damaged settings file is none', async () => {
    const good = await hashPassword('attic microphones')
    expect(isStoredPassword(JSON.parse(JSON.stringify(good)))).toBe(true)
    const bad = [
      { salt: '' },
      { salt: 'AA==' },
      { hash: 'AAAA' },
      { hash: 7 },
      { hash: '***' },
      { N: 2 ** 15 + 1 },
      { N: 2 },
    ]
    for (const part of [
      ...bad,
      { N: 2 ** 40 },
      { N: 2 ** 20, r: 8 },
      { r: 0 },
      { p: 1e9 },
      { N: '32768' },
      { salt: undefined },
    ])
      expect(isStoredPassword({ ...good, ...part })).toBe(false)
    for (const value of [null, undefined, 'x', 7, [], {}]) expect(isStoredPassword(value)).toBe(false)
  })
})

it('sessions are bounded: the least recently used one ends', () => {
  const sessions = new Sessions(() => 0)
  const [first, second] = [sessions.begin(), sessions.begin()]
  for (let i = 0; i < 254; i++) sessions.begin()
  expect(sessions.find(first)).toBeDefined()
  sessions.begin()
  expect(sessions.find(first)).toBeDefined()
  expect(sessions.find(second)).toBeUndefined()
  expect(sessions.find(undefined)).toBeUndefined()
})

describe('the throttle', () => {
  it('keeps each guesser apart, forgives the right one and forgets in an hour', () => {
    let now = 0
    const throttle = new Throttle(() => now)
    for (let i = 0; i < 5; i++) expect(throttle.begin('a')).toBe(0)
    expect(throttle.begin('a')).toBe(1000)
    expect(throttle.begin('b')).toBe(0)
    throttle.forgive('b')
    now += 1000
    expect(throttle.begin('a')).toBe(0)
    expect(throttle.begin('a')).toBe(2000)
    now += 3_600_000
    for (let i = 0; i < 5; i++) expect(throttle.begin('a')).toBe(0)
    expect(throttle.begin('a')).toBe(1000)
    now += 1000
    expect(throttle.begin('a')).toBe(0)
    throttle.forgive('a')
    expect(throttle.begin('a')).toBe(0)
  })
  it('waits at most a quarter of an hour for one', () => {
    let now = 0
    const throttle = new Throttle(() => now)
    const waits = Array.from({ length: 80 }, () => {
      const wait = throttle.begin('a')
      now += wait
      return wait
    })
    expect(Math.max(...waits)).toBe(15 * 60_000)
  })
  it('slows all guessers together, but the owner never waits long', () => {
    let now = 0
    const throttle = new Throttle(() => now)
    for (let i = 0; i < 30; i++) expect(throttle.begin(`guesser ${i}`)).toBe(0)
    expect(throttle.begin('owner')).toBe(1000)
    for (let i = 0; i < 5000; i++) {
      const wait = throttle.begin(`bot ${i}`)
      expect(wait).toBeLessThanOrEqual(5000)
      now += wait
    }
    now += 5000
    expect(throttle.begin('owner')).toBe(0)
  })
})
