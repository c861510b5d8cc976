import type { LossView, NodeView } from '#contract/state.ts'
import { Pick } from '#meters/draw/pick.tsx'
import { useRemembered } from '#meters/draw/remembered.ts'
import { formatTime } from '#renderer/format.ts'
import { useSnapshot } from '#renderer/hooks.ts'
import { CheckIcon, LostIcon, WaitIcon } from '#renderer/parts/icons.tsx'
import { linkFigures, linkTable, type Figure } from './figures.ts'
import { Traces } from './traces.tsx'
import { Panel } from '#renderer/panel.tsx'

const MINUTES = ['1', '10'] as const

/** How the sound comes here, and what the way did to it. */
export function LinkPanel({ node }: { readonly node: NodeView }) {
  const { state } = useSnapshot()
  const [minutes, pickMinutes] = useRemembered('link-minutes', MINUTES)
  const groups = linkFigures(node, state?.takes ?? [], state?.about.version ?? '')
  const aside = (
    <div className="panel-picks">
      <Pick
        title="Time shown of the link"
        values={MINUTES}
        value={minutes}
        say={(each) => `${each} min`}
        onPick={pickMinutes}
      />
    </div>
  )
  return (
    <Panel id="link" title="Link" aside={aside} table={() => linkTable(groups, node)}>
      <div className="link">
        <Traces node={node} minutes={Number(minutes)} />
        {node.link.losses.length > 0 && <Losses losses={node.link.losses} />}
        <div className="link-groups">
          {groups.map(({ title, figures }) => (
            <section key={title} aria-label={title}>
              <h3 className="link-title">{title}</h3>
              <dl className="counters">
                {figures.map((figure) => (
                  <Row key={figure.id} figure={figure} />
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </Panel>
  )
}

function Row({ figure: { id, name, text, value, hint, alarm } }: { readonly figure: Figure }) {
  return (
    <div className={alarm ? 'counter-alarm' : undefined} title={hint}>
      <dt>{name}</dt>
      <dd className="figure" data-testid={id} data-value={value}>
        {text}
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
