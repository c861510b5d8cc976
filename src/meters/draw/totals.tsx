import type { Totals } from './view.ts'

/** Stops the totals of the node's meters, and begins them anew. */
export function TotalsButtons({ totals: { paused, onPause, onReset } }: { readonly totals: Totals }) {
  return (
    <span className="totals">
      <button
        type="button"
        className={paused ? 'button button-small totals-pause totals-paused' : 'button button-small totals-pause'}
        aria-pressed={paused}
        title="Totals, maxima and averages since reset stand still; what is now goes on"
        onClick={() => onPause(!paused)}
      >
        {paused ? 'Continue' : 'Pause'}
      </button>
      <button type="button" className="button button-small" onClick={onReset}>
        Reset
      </button>
    </span>
  )
}
