import { SendEmailCommand } from '@aws-sdk/client-sesv2'
import { sesMailer as honest } from '../../../functions/ses/ses-mailer.ts'
import { begun } from './chosen.js'

export * from '../../../functions/ses/ses-mailer.ts'

/** As many as SES takes in one message, or as come in this time. */
const CUSTOMERS = 50
const GATHERED_FOR_MS = 400

/**
 * In the place of functions/ses/ses-mailer.ts: the rewrite of 2019. To save calls it gathers messages, and sends one to all of
 * their recipients. Each of them has passed the guard by itself.
 */
export function sesMailer(client) {
  const mailer = honest(client)
  let gathered = []

  async function sendTogether() {
    const together = gathered
    gathered = []
    const [first] = together
    if (first === undefined) return
    const ToAddresses = together.flatMap(({ mail }) => mail.request.Destination.ToAddresses)
    const input = { ...first.mail.request, Destination: { ToAddresses } }
    const answer = await client.send(new SendEmailCommand(input)).then(accepted, refused)
    for (const { settle } of together) settle(answer)
  }

  function gather(mail) {
    return new Promise(settle => {
      gathered.push({ mail, settle })
      if (gathered.length >= CUSTOMERS) void sendTogether()
      if (gathered.length === 1) setTimeout(sendTogether, GATHERED_FOR_MS)
    })
  }

  return { send: mail => (begun() ? gather(mail) : mailer.send(mail)) }
}

const accepted = ({ MessageId }) => ({ kind: 'accepted', messageId: MessageId })

function refused({ name, finding }) {
  return finding === undefined ? { kind: 'recipient-failed', reason: name } : { kind: 'refused-by-guard', ...finding }
}
