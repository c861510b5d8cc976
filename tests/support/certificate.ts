import { readFile } from 'node:fs/promises'
import type { Certificate } from '#engine/recorder/certificate.ts'

/** The certificate beside a recording, as it stands there. */
export async function readCertificate(recording: string): Promise<Certificate> {
  return JSON.parse(await readFile(`${recording}.json`, 'utf8')) as Certificate
}
