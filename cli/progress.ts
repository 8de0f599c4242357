import { Presets, SingleBar } from 'cli-progress'
import type { StatusAnswer } from './api-answers.ts'
import { count, duration, percent, perSecond } from './figures.ts'
import { writeSharing } from './pace-text.ts'

/** Shows how far a notice is. */
export interface Progress {
  update(status: StatusAnswer, nowMs: number): void
  end(): void
}

const LINE_INTERVAL_MS = 5_000

/** A bar on a terminal; elsewhere a line every five seconds and at the end. */
export function showProgress(stream: NodeJS.WritableStream): Progress {
  return 'isTTY' in stream && stream.isTTY === true ? barProgress(stream) : lineProgress(stream)
}

function barProgress(stream: NodeJS.WritableStream): Progress {
  const bar = new SingleBar(
    {
      stream,
      format: '  {bar} {share}  {settled} of {planned}  {rate}  {left}  {sharing}',
      barsize: 30,
      hideCursor: true,
      gracefulExit: true,
      linewrap: true,
    },
    Presets.shades_classic,
  )
  let started = false
  return {
    update: status => {
      const shown = figuresOf(status)
      if (started) bar.update(shown.done, shown)
      else bar.start(status.planned, shown.done, shown)
      started = true
    },
    end: () => bar.stop(),
  }
}

function lineProgress(stream: NodeJS.WritableStream): Progress {
  let shownAtMs = Number.NEGATIVE_INFINITY
  return {
    update: (status, nowMs) => {
      if (nowMs - shownAtMs < LINE_INTERVAL_MS && status.state === 'sending') return
      shownAtMs = nowMs
      const { settled, planned, share, rate, left, sharing } = figuresOf(status)
      const parts = [`${settled} of ${planned} (${share})`, rate, left, sharing].filter(part => part !== '')
      stream.write(`  ${parts.join(', ')}\n`)
    },
    end: () => {},
  }
}

function figuresOf(status: StatusAnswer) {
  const { planned, pending, ratePerSecond, secondsLeft, state } = status
  const done = planned - pending
  return {
    done,
    settled: count(done),
    planned: count(planned),
    share: percent(planned === 0 ? 0 : done / planned),
    rate: perSecond(ratePerSecond),
    left: state === 'sending' && secondsLeft !== undefined && pending > 0 ? `${duration(secondsLeft)} left` : '',
    sharing: state === 'sending' ? writeSharing(status) : '',
  }
}
