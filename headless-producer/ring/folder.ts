import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it. Rejects where one cannot be made; Node's own `recursive` goes round for ever where a file
 * system answers ENOENT though the folder above is there, as /proc does.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await made(path)) return
  await makeFolder(dirname(path))
  if (!(await made(path))) throw Object.assign(new Error('no such folder'), { code: 'ENOENT' })
}

/** False when the folder above is missing, and may be made. */
async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return true
    if (code === 'ENOENT' && dirname(path) !== path) return false
    throw error
  }
}
