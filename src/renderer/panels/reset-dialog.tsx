import { Dialog } from '#renderer/parts/dialog.tsx'

/** Totals of more sound than this are not begun anew by a stray press, s. */
export const LONG_S = 600

export interface ResetDialogProps {
  /** Of the node. */
  readonly name: string
  /** Heard since the last reset, s. */
  readonly heard: number
  readonly onReset: () => void
  readonly onClose: () => void
}

/** What a reset ends cannot be brought back: sound that was integrated is not heard again. */
export function ResetDialog({ name, heard, onReset, onClose }: ResetDialogProps) {
  return (
    <Dialog title={`Begin the totals of ${name} anew?`} asks onClose={onClose}>
      <div className="dialog-body">
        <p>
          Integrated loudness and its range, averages, percentiles and maxima of {spell(heard)} of sound end here, for
          everybody who looks at this node. They cannot be brought back; recordings and the history of levels stay.
        </p>
        <footer className="dialog-foot">
          <button type="button" className="button" data-first onClick={onClose}>
            Keep
          </button>
          <button
            type="button"
            className="button button-danger"
            onClick={() => {
              onReset()
              onClose()
            }}
          >
            Reset
          </button>
        </footer>
      </div>
    </Dialog>
  )
}

/** "12 minutes", "1 hour 5 minutes". */
export function spell(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const of = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`
  if (hours === 0) return of(minutes, 'minute')
  return minutes === 0 ? of(hours, 'hour') : `${of(hours, 'hour')} ${of(minutes, 'minute')}`
}
