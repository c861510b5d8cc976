import { fail, type Result } from '#shared/result.ts'
import { alsa } from './alsa/source.ts'
import { tone } from './tone/source.ts'
import { wav } from './wav/source.ts'
import type { Source, SourceKind, SourceRequest } from './source.ts'

/** One line per folder of `sources/`; a test compares the two. */
export const SOURCES: readonly SourceKind[] = [alsa, wav, tone]

/** `spec`: `kind` or `kind:argument`. */
export async function createSource(
  spec: string,
  request: SourceRequest,
): Promise<Result<{ readonly kind: string; readonly source: Source }>> {
  const colon = spec.indexOf(':')
  const word = colon < 0 ? spec : spec.slice(0, colon)
  const found = SOURCES.find((s) => s.kind === word)
  if (!found)
    return fail(
      'bad-argument',
      `"${word}" is not a source. Choose one of ${SOURCES.map((s) => `${s.kind}:…`).join(', ')}.`,
    )
  const made = await found.create(colon < 0 ? '' : spec.slice(colon + 1), request)
  return made.ok ? { ok: true, value: { kind: found.kind, source: made.value } } : made
}
