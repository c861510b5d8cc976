import { existsSync, mkdirSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and what is missing above it. Rejects with the system's error. Not `mkdir` with `recursive`: that never
 * returns where a folder exists and nothing can be made in it for "no such file", as below /proc.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    const parent = dirname(folder)
    if (code !== 'ENOENT' || parent === folder || (await isThere(parent))) throw error
    await makeFolder(parent)
    await makeFolder(folder)
  }
}

/** As `makeFolder`, at once. Throws the system's error. */
export function makeFolderSync(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    const parent = dirname(folder)
    if (code !== 'ENOENT' || parent === folder || existsSync(parent)) throw error
    makeFolderSync(parent)
    makeFolderSync(folder)
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
