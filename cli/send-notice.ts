import type { Clock } from '../functions/runtime/clock.ts'
import type { PreviewAnswer, ReadyAudienceAnswer } from './api-answers.ts'
import type { ApiClient } from './api-client.ts'
import { misfits } from './audience-fit.ts'
import { CommandFailure } from './command-failure.ts'
import { counted } from './figures.ts'
import { readNoticeDirectory, type WrittenNotice } from './notice-directory.ts'
import { describeProblem } from './notice-problem.ts'
import { writeAudience } from './report-text.ts'
import type { Terminal } from './terminal.ts'
import { checkAudienceFile, uploadAudience } from './upload-audience.ts'

export interface Sending {
  readonly client: ApiClient
  readonly terminal: Terminal
  readonly clock: Clock
}

/** Everything that a notice needs before its start, checked before anything is created for it. */
export async function readForSending(directory: string, audienceFile: string): Promise<WrittenNotice> {
  const read = await readNoticeDirectory(directory)
  if (read.kind === 'problems') {
    const number = counted(read.problems.length, 'problem')
    throw new CommandFailure(`${directory} has ${number}. Nothing was sent.`, read.problems.map(describeProblem))
  }
  await checkAudienceFile(audienceFile)
  return read.notice
}

export interface PreparedNotice {
  readonly noticeId: string
  readonly name: string
  readonly from: string
  readonly audience: ReadyAudienceAnswer
}

/** Creates the notice, uploads its audience, shows what came of both, and has it approved. Nothing is sent yet. */
export async function prepareNotice(
  { client, terminal, clock }: Sending,
  { named, ...notice }: WrittenNotice,
  audienceFile: string,
): Promise<PreparedNotice> {
  const { noticeId, from } = await client.createNotice(notice)
  terminal.note(`Created ${noticeId}: ${notice.name}`)
  const { upload } = await client.expectAudience(noticeId)
  await uploadAudience(audienceFile, upload)
  const audience = await awaitAudience(client, { noticeId, audienceFile }, clock)
  terminal.note(`\n${writeAudience(audience)}`)
  const unfit = misfits(named, audience)
  if (unfit.length > 0) {
    const what = `The message cannot be made for everybody in ${audienceFile}. Nothing was sent.`
    throw new CommandFailure(what, unfit.map(describeProblem))
  }
  terminal.note(`\n${writePreview(await client.preview(noticeId, notice.defaultLocale), audience)}\n`)
  await client.approve(noticeId)
  terminal.note('Approved.')
  return { noticeId, name: notice.name, from: from.address, audience }
}

const AUDIENCE_POLL_INTERVAL_MS = 250

async function awaitAudience(
  client: ApiClient,
  { noticeId, audienceFile }: { noticeId: string; audienceFile: string },
  clock: Clock,
): Promise<ReadyAudienceAnswer> {
  for (;;) {
    const audience = await client.readAudience(noticeId)
    if (audience.state === 'ready') return audience
    if (audience.state === 'refused') {
      throw new CommandFailure(`${audienceFile} was refused as an audience: ${audience.problem.message}`, [
        ...(audience.refusedRowsUrl === undefined
          ? []
          : [`That file is, for a few minutes, at  ${audience.refusedRowsUrl}`]),
        'Nothing was sent.',
      ])
    }
    await clock.sleep(AUDIENCE_POLL_INTERVAL_MS)
  }
}

function writePreview(preview: PreviewAnswer, { variables }: ReadyAudienceAnswer): string {
  if (preview.kind === 'failed') {
    throw new CommandFailure(`${preview.reason} Nothing was sent.`, [
      `The audience has: ${Object.keys(variables).join(', ') || 'no variables'}.`,
      'Correct the Markdown, or upload an audience that has what it names.',
    ])
  }
  if (preview.kind === 'refused') {
    throw new CommandFailure(
      `The leak guard would refuse the first recipient's message. ${preview.means} Nothing was sent.`,
      [
        `It is in ${preview.field}${preview.excerpt === '' ? '.' : `, where this stands: ${preview.excerpt}`}`,
        'An address that customers are to see has to stand in the Markdown or in notice.yaml, not in a variable.',
      ],
    )
  }
  const { locale, subject, text } = preview
  const lines = [`Subject: ${subject}`, '', ...text.trimEnd().split('\n')]
  return [`The first recipient's message, "${locale}":`, ...lines.map(line => `  | ${line}`.trimEnd())].join('\n')
}

/** Asks before the first message goes out. */
export async function confirmStart(terminal: Terminal, recipients: number): Promise<boolean> {
  const question = `Start sending to ${counted(recipients, 'recipient')}? [y/N] `
  const answer = await terminal.ask(question)
  return /^y(es)?$/i.test(answer.trim())
}
