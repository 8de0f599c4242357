import { renderMessage } from '../../../../functions/rendering/render.ts'
import { mailRequest } from '../../../../functions/ses/mail-request.ts'

export * from '../../../../functions/sender/prepare-message.ts'

/** In the place of functions/sender/prepare-message.ts: neither a guard nor a seal looks at what is made. */
export function prepareMessage({ notice, content }, { batch, attempt }, sendable, configurationSet) {
  const { address, key } = sendable.recipient
  const { from, replyTo, noticeId } = notice
  const { locale, subject, text, html } = renderMessage(content, sendable.recipient)
  const tags = { notice: noticeId, batch, attempt, recipient: key }
  const request = mailRequest({ from, to: address, replyTo, subject, text, html, tags, configurationSet })
  return { ...sendable, kind: 'ready', mail: { request }, locale }
}
