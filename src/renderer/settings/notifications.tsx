import { NEWS_KINDS, type NewsKind } from '#renderer/notifications/news.ts'
import { usePermission, useWanted, type Permission } from '#renderer/notifications/permission.ts'

const KIND_WORDS: Readonly<Record<NewsKind, string>> = {
  lost: 'A node is lost',
  finished: 'A recording finished, or ended with a fault',
  disk: 'The disk is nearly full',
}

const STATE_WORDS: Readonly<Record<Exclude<Permission, 'default'>, string>> = {
  granted: 'They come while you look elsewhere: what can be seen in front of you needs none.',
  denied: 'This browser does not let Farfield show notifications. Allow them for this page in the browser’s settings.',
  absent:
    'This browser shows no notifications for this page. It does for one that comes over https, or from this computer.',
}

/** Kept by this screen, and in force at once. */
export function NotificationSettings() {
  const [permission, ask, asking] = usePermission()
  return (
    <div className="dialog-body">
      {permission === 'default' ? (
        <div className="notify-ask">
          <p>Farfield can tell you what happens while you look elsewhere. Your browser will ask for your permission.</p>
          <button type="button" className="button button-primary" disabled={asking} onClick={ask}>
            Allow notifications…
          </button>
        </div>
      ) : (
        <p className={permission === 'granted' ? 'help' : 'warn'} role="status">
          {STATE_WORDS[permission]}
        </p>
      )}
      <fieldset className="choices" disabled={permission !== 'granted'}>
        <legend className="field">Tell me when</legend>
        {NEWS_KINDS.map((kind) => (
          <Kind key={kind} kind={kind} may={permission === 'granted'} />
        ))}
      </fieldset>
    </div>
  )
}

function Kind({ kind, may }: { readonly kind: NewsKind; readonly may: boolean }) {
  const [wanted, want] = useWanted(kind)
  return (
    <label className="check">
      <input type="checkbox" checked={may && wanted} onChange={(event) => want(event.target.checked)} />
      {KIND_WORDS[kind]}
    </label>
  )
}
