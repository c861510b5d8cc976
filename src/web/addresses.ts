/** Which names and addresses the host answers to. Pure rules: nothing here looks anything up. */
import { isIP } from 'node:net'

/** True for an address that only this computer reaches. Anything in doubt is not loopback. */
export function isLoopback(host: string): boolean {
  const name = bare(host)
  if (name === 'localhost' || name === '::1') return true
  const v4 = name.startsWith('::ffff:') ? name.slice(7) : name
  return isIP(v4) === 4 && v4.startsWith('127.')
}

/** True for an address that stands for every interface of this computer. */
function isWildcard(host: string): boolean {
  return ['0.0.0.0', '::', ''].includes(bare(host))
}

/**
 * The hosts under which a listener on `host` is opened: first from this computer, then from others. `own` are the
 * addresses of this computer's interfaces; link-local IPv6 ones are left out, since browsers take no zone.
 */
export function hostsToOpen(host: string, own: readonly string[]): readonly string[] {
  if (!isWildcard(host)) return [host]
  const version = bare(host) === '0.0.0.0' ? [4] : [4, 6]
  const usable = own.filter((a) => version.includes(isIP(a)) && !isLoopback(a) && !a.toLowerCase().startsWith('fe80:'))
  return ['localhost', ...usable]
}

/** For a URL: brackets round an IPv6 address. */
export function urlHost(host: string): string {
  return isIP(bare(host)) === 6 ? `[${bare(host)}]` : host
}

/**
 * A page of a stranger's site can point its own name at our address and then speak to us as its own origin (DNS
 * rebinding). Such a request carries the stranger's name, so only names that we know pass. On loopback these are the
 * loopback names; elsewhere also any literal address, which no one can point anywhere, and the names given by the user.
 */
export function hostAllowed(header: string | undefined, loopbackOnly: boolean, names: readonly string[]): boolean {
  const host = header === undefined ? undefined : hostOf(header)
  if (host === undefined) return false
  if (isLoopback(host)) return true
  return names.some((name) => bare(name) === host) || (!loopbackOnly && isIP(host) !== 0)
}

/** True where a browser's request comes from a page of the very host that it goes to. */
export function sameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined || host === undefined) return false
  return /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, '') === host.toLowerCase()
}

/** Who counts as one guesser: an IPv4 address, or the /64 that one IPv6 subscriber has to himself. */
export function guesserOf(address: string): string {
  const name = bare(address).replace(/%.*$/, '')
  if (name.startsWith('::ffff:') && isIP(name.slice(7)) === 4) return name.slice(7)
  if (isIP(name) !== 6) return name
  const [head = '', tail] = name.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  if (tail !== undefined) while (groups.length + after.length < 8) groups.push('0')
  return [...groups, ...after].slice(0, 4).join(':')
}

/** The host of a `Host` header without its port; undefined for what is no host. */
function hostOf(header: string): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(header)
  return match ? bare(match[1]!) : undefined
}

function bare(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
}
