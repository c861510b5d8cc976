/** Small libraries that stand between a program and libc, for faults that no test may do to the whole computer. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Preload = 'clock' | 'slow-sync'

/** Compiles one into `folder`; returns the environment that makes a program use it. */
export function preload(name: Preload, folder: string, env: Readonly<Record<string, string>>): Record<string, string> {
  const source = fileURLToPath(new URL(`preload/${name}.c`, import.meta.url))
  const library = join(folder, `${name}.so`)
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-Wall', '-Werror', '-o', library, source, '-ldl'])
  return { ...env, LD_PRELOAD: library }
}
