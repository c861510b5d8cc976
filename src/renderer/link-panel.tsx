import type { NodeView } from '#contract/state.ts'
import { formatCount, formatSpan } from './format.ts'
import { Panel } from './panel.tsx'

/** What the way from the node did to the sound. */
export function LinkPanel({ node }: { readonly node: NodeView }) {
  const { link, format, capture, roundTripMs } = node
  const missing = format ? formatSpan(link.missingFrames / format.rate) : undefined
  return (
    <Panel id="link" title="Link">
      <dl className="counters">
        <Counter id="link-gaps" name="Gaps" count={link.gaps} alarm />
        <Counter
          id="link-missing"
          name="Missing frames"
          count={link.missingFrames}
          alarm
          more={link.missingFrames > 0 ? missing : undefined}
        />
        <Counter id="link-late" name="Late, put in place" count={link.late} />
        <Counter id="link-duplicates" name="Duplicates" count={link.duplicates} />
        <Counter id="link-refused" name="Refused" count={link.refused} />
        <Counter id="link-dropped" name="Dropped here" count={link.dropped} alarm />
        <Counter id="link-overruns" name="Node overruns" count={capture?.overruns ?? 0} alarm />
        <div>
          <dt>Round trip</dt>
          <dd>{roundTripMs === undefined ? '–' : `${roundTripMs.toFixed(1)} ms`}</dd>
        </div>
        <div>
          <dt>Node CPU</dt>
          <dd>{capture ? `${capture.cpuPercent.toFixed(1)} %` : '–'}</dd>
        </div>
      </dl>
    </Panel>
  )
}

interface CounterProps {
  readonly id: string
  readonly name: string
  readonly count: number
  /** More than none is worth a colour. */
  readonly alarm?: boolean
  readonly more?: string | undefined
}

function Counter({ id, name, count, alarm, more }: CounterProps) {
  return (
    <div className={alarm && count > 0 ? 'counter-alarm' : undefined}>
      <dt>{name}</dt>
      <dd>
        {more && <span className="counter-more">{more} · </span>}
        <span data-testid={id} data-value={count}>
          {formatCount(count)}
        </span>
      </dd>
    </div>
  )
}
