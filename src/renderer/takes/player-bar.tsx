/** Plays a finished take: where it is, what it is made of, and how loud. */
import { useEffect, useState, useSyncExternalStore, type KeyboardEvent } from 'react'
import type { Heard } from '#contract/take-files.ts'
import type { TakeView } from '#contract/state.ts'
import { Pick } from '#meters/draw/pick.tsx'
import { formatDuration } from '#renderer/format.ts'
import { CloseIcon, PauseIcon, PlayIcon, VolumeIcon } from '#renderer/parts/icons.tsx'
import { PLAYER_KEYS } from '#renderer/shortcuts/table.ts'
import { Slider } from '#renderer/parts/slider.tsx'
import { pressed } from '#shared/shortcut.ts'
import { gapsOf, heardChoices, heardWords, markerWords } from './playback.ts'
import type { Playing, TakePlayer } from './player.ts'

const STEP_SECONDS = 1
const LONG_STEP_SECONDS = 10
const VOLUME_STEP = 5
/** How finely the slider can be put with the pointer, s. */
const FINE_SECONDS = 0.01

export interface PlayerBarProps {
  readonly player: TakePlayer
  readonly takes: readonly TakeView[]
}

/** Nothing while nothing is played; closes when the take leaves the list. */
export function PlayerBar({ player, takes }: PlayerBarProps) {
  const now = useSyncExternalStore(player.subscribe, player.snapshot)
  const take = takes.find(({ id }) => id === now?.take)
  const gone = now !== undefined && take === undefined
  useEffect(() => {
    if (gone) player.close()
  }, [gone, player])
  return now && take ? <Bar player={player} now={now} take={take} /> : null
}

interface BarProps {
  readonly player: TakePlayer
  readonly now: Playing
  readonly take: TakeView
}

function Bar({ player, now, take }: BarProps) {
  const onKey = (event: KeyboardEvent): void => {
    const action = pressed(PLAYER_KEYS, event.nativeEvent)
    // A button's Space is its own press.
    if (!action || (action === 'play' && event.target instanceof HTMLButtonElement)) return
    event.preventDefault()
    event.stopPropagation()
    if (action === 'play') return player.toggle()
    const step = action.startsWith('long') ? LONG_STEP_SECONDS : STEP_SECONDS
    player.seek(now.seconds + (action.endsWith('back') ? -step : step))
  }
  const choices = heardChoices(take)
  return (
    <section className="player" aria-label={`Playing ${take.name}`} data-testid="player" data-playing={now.playing}>
      <button
        type="button"
        className="button button-icon"
        aria-label={now.playing ? 'Pause' : 'Play'}
        onClick={() => player.toggle()}
      >
        {now.playing ? <PauseIcon /> : <PlayIcon />}
      </button>
      <strong className="clip player-name">{take.name}</strong>
      <span className="figure player-time" data-testid="player-time" data-value={now.seconds}>
        {formatDuration(now.seconds)} <span className="muted">/ {formatDuration(take.seconds)}</span>
      </span>
      {/* Before the slider itself, whose steps are as fine as a pointer can be. */}
      <div className="player-place" onKeyDownCapture={onKey}>
        <Place player={player} now={now} take={take} />
        {now.fault !== undefined && (
          <p className="bad player-fault" role="alert">
            {now.fault}
          </p>
        )}
      </div>
      {choices.length > 1 && (
        <Pick
          title="Channels that are heard"
          values={choices.map(String)}
          value={String(now.heard)}
          say={(one) => heardWords(toHeard(one), take)}
          onPick={(one) => player.hear(toHeard(one))}
        />
      )}
      <Volume player={player} />
      <button
        type="button"
        className="button button-quiet button-icon"
        aria-label="Close the player"
        onClick={() => player.close()}
      >
        <CloseIcon />
      </button>
    </section>
  )
}

function toHeard(text: string): Heard {
  return text === 'pair' || text === 'mix' ? text : Number(text)
}

/** The slider, with lost sound and markers in their places. */
function Place({ player, now, take }: BarProps) {
  const [held, setHeld] = useState<number>()
  const seconds = Math.max(take.seconds, FINE_SECONDS)
  const share = (at: number): string => `${(100 * Math.min(1, at / seconds)).toFixed(3)}%`
  const gaps = gapsOf(take).map((gap) => (
    <span
      key={gap.atSeconds}
      className="player-gap"
      title={gap.sentence}
      style={{ left: share(gap.atSeconds), width: share(gap.seconds) }}
    />
  ))
  return (
    <Slider
      label="Place in the recording"
      value={Math.min(held ?? now.seconds, seconds)}
      max={seconds}
      step={FINE_SECONDS}
      say={(value) => `${formatDuration(value)} of ${formatDuration(seconds)}`}
      onChange={setHeld}
      onCommit={(value) => {
        setHeld(undefined)
        player.seek(value)
      }}
      marks={gaps}
    >
      {take.markers.map((marker) => (
        <button
          key={marker.number}
          type="button"
          className="player-marker"
          style={{ left: share(marker.atSeconds) }}
          // The list of markers in the details does the same for the keyboard.
          tabIndex={-1}
          aria-label={`Go to ${markerWords(marker)}`}
          title={markerWords(marker)}
          onClick={() => player.play(take, marker.atSeconds)}
        />
      ))}
    </Slider>
  )
}

function Volume({ player }: { readonly player: TakePlayer }) {
  const volume = useSyncExternalStore(player.subscribe, player.volume)
  return (
    <div className="player-volume">
      <VolumeIcon />
      <Slider
        label="Volume"
        value={volume}
        max={100}
        step={VOLUME_STEP}
        say={(value) => `${value} %`}
        onChange={(value) => player.turn(value)}
      />
    </div>
  )
}
