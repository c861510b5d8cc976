import type { LossView, NodeView } from '#contract/state.ts'
import { formatCount, formatSpan, formatTime, plural } from './format.ts'
import { CheckIcon, LostIcon, WaitIcon } from './icons.tsx'
import { Panel } from './panel.tsx'

/** What the way from the node did to the sound. */
export function LinkPanel({ node }: { readonly node: NodeView }) {
  const { link, format, capture, roundTripMs } = node
  const rate = format?.rate
  return (
    <Panel id="link" title="Link">
      <dl className="counters">
        <Counter id="link-gaps" name="Gaps" count={link.gaps} alarm />
        <Counter id="link-missing" name="Missing" count={link.missingFrames} rate={rate} alarm />
        <Counter id="link-repaired" name="Refilled" count={link.repairedFrames} rate={rate} />
        <Counter id="link-pending" name="Being refilled" count={link.pendingFrames} rate={rate} />
        <Counter id="link-gone" name="Lost for good" count={link.goneFrames} rate={rate} alarm />
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
      {link.losses.length > 0 && <Losses losses={link.losses} />}
    </Panel>
  )
}

interface CounterProps {
  readonly id: string
  readonly name: string
  readonly count: number
  /** Of frames that are counted: they are told as a time. */
  readonly rate?: number | undefined
  /** More than none is worth a colour. */
  readonly alarm?: boolean
}

function Counter({ id, name, count, rate, alarm }: CounterProps) {
  const timed = rate !== undefined && count > 0
  return (
    <div className={alarm && count > 0 ? 'counter-alarm' : undefined}>
      <dt>{name}</dt>
      <dd title={timed ? plural(count, 'frame') : undefined} data-testid={id} data-value={count}>
        {timed ? formatSpan(count / rate) : formatCount(count)}
      </dd>
    </div>
  )
}

/** Where sound was lost or held up, newest first. */
function Losses({ losses }: { readonly losses: readonly LossView[] }) {
  return (
    <ul className="losses" aria-label="Losses">
      {losses.map((loss) => (
        <li key={`${loss.at} ${loss.stage}`} className={`loss loss-${loss.state}`} data-state={loss.state}>
          {loss.state === 'refilled' && <CheckIcon />}
          {loss.state === 'refilling' && <WaitIcon />}
          {(loss.state === 'lost' || loss.state === 'missing') && <LostIcon />}
          <span className="figure muted">{formatTime(loss.at)}</span>
          <span>{loss.sentence}</span>
        </li>
      ))}
    </ul>
  )
}
