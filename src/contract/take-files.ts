/** Where a screen gets the files of finished takes: paths on the host of the page, never a path on its disk. */

/**
 * What is played of a recording. pair: its one channel, or the first two. mix: the mean of all channels. A number: that
 * channel alone, from 0.
 */
export type Heard = 'pair' | 'mix' | number

/** recording: the file as it is. certificate: what stands beside it. played: sound that every browser plays. */
export type TakeFileForm = 'recording' | 'certificate' | { readonly heard: Heard }

export interface TakeFile {
  readonly take: string
  /** Place in `TakeView.files`. */
  readonly file: number
  readonly form: TakeFileForm
}

export const TAKES_PATH = '/takes/'

/** "/takes/ID/0.wav", "/takes/ID/0.wav.json", "/takes/ID/0.pair.wav", "/takes/ID/0.mix.wav", "/takes/ID/0.channel-3.wav" (counted from 1). */
export function takeFilePath({ take, file, form }: TakeFile): string {
  return `${TAKES_PATH}${take}/${file}${endingOf(form)}`
}

/** Undefined for what is no such path. Nothing of a path ever reaches the disk: a take is looked up by its name. */
export function takeFileAt(path: string): TakeFile | undefined {
  const match = /^\/takes\/([\w-]{1,64})\/(\d{1,6})(\.[\w.-]{1,24})$/.exec(path)
  if (!match) return undefined
  const form = formOf(match[3]!)
  return form === undefined ? undefined : { take: match[1]!, file: Number(match[2]), form }
}

function endingOf(form: TakeFileForm): string {
  if (form === 'recording') return '.wav'
  if (form === 'certificate') return '.wav.json'
  const { heard } = form
  return typeof heard === 'number' ? `.channel-${heard + 1}.wav` : `.${heard}.wav`
}

function formOf(ending: string): TakeFileForm | undefined {
  if (ending === '.wav') return 'recording'
  if (ending === '.wav.json') return 'certificate'
  const match = /^\.(pair|mix|channel-([1-9]\d{0,2}))\.wav$/.exec(ending)
  if (!match) return undefined
  return { heard: match[2] === undefined ? (match[1] as 'pair' | 'mix') : Number(match[2]) - 1 }
}
