import { type Expectation, type Fault, inspectMessage, type WireMessage } from './message-inspection.ts'

export interface WireAudit {
  readonly messages: number
  /** Recipients that the audience should have, counted by the audit itself. */
  readonly recipients: number
  /** Messages whose envelope or To has not exactly one address. */
  readonly severalRecipients: number
  /** Messages with a Cc, a Bcc or the like. */
  readonly copies: number
  /** Addresses, added up over the messages, that are neither their recipient's nor the notice's own. */
  readonly foreignAddresses: number
  /** Messages to somebody else, in another locale, or with another person's words. */
  readonly wrongRecipient: number
  readonly unreadable: number
  /** Recipients whom no message reached. */
  readonly missing: number
  /** Messages beyond the first to the same recipient. */
  readonly duplicates: number
  /** The first faults, in words, without addresses. */
  readonly findings: readonly string[]
}

const FINDINGS_MAX = 10

/**
 * The proof from the receiving side. Reads every message that left, as a mail program would, and holds it against a list of
 * recipients that was made without the code under proof. Keeps one message in memory at a time.
 */
export async function auditWire(messages: AsyncIterable<WireMessage>, expectation: Expectation): Promise<WireAudit> {
  const counts: Record<Fault, number> = {
    severalRecipients: 0,
    copies: 0,
    foreignAddresses: 0,
    wrongRecipient: 0,
    unreadable: 0,
  }
  const findings: string[] = []
  const reached = new Map<string, number>()
  let seen = 0
  let duplicates = 0
  const find = (finding: string) => {
    if (findings.length < FINDINGS_MAX) findings.push(finding)
  }
  for await (const message of messages) {
    seen += 1
    const { recipient, faults } = await inspectMessage(message, expectation)
    for (const [fault, count] of new Map(faults.map(found => [found.fault, found.count]))) counts[fault] += count
    for (const { detail } of faults) find(`message ${message.messageId}: ${detail}`)
    for (const address of recipient === undefined ? [] : [recipient]) {
      const times = (reached.get(address) ?? 0) + 1
      reached.set(address, times)
      if (times === 1) continue
      duplicates += 1
      find(`message ${message.messageId}: message ${times} to row ${expectation.recipients.get(address)?.line}`)
    }
  }
  let missing = 0
  for (const [address, { line }] of expectation.recipients) {
    if (reached.has(address)) continue
    missing += 1
    find(`row ${line}: no message reached this recipient`)
  }
  return { messages: seen, recipients: expectation.recipients.size, ...counts, missing, duplicates, findings }
}

/** The faults that the audit found, in words; empty when every message was what it should be. */
export function wireFaults(audit: WireAudit): string[] {
  const { severalRecipients, copies, foreignAddresses, wrongRecipient, unreadable, missing, duplicates } = audit
  const faults: readonly [number, string][] = [
    [severalRecipients, 'messages without exactly one recipient in envelope and To'],
    [copies, 'messages with a Cc or Bcc'],
    [foreignAddresses, 'addresses that are neither their recipient’s nor the notice’s own'],
    [wrongRecipient, 'messages to the wrong person, in the wrong locale or with the wrong words'],
    [unreadable, 'messages that cannot be parsed'],
    [missing, 'recipients without a message'],
    [duplicates, 'messages too many to the same recipient'],
  ]
  return faults.filter(([count]) => count > 0).map(([count, what]) => `${count.toLocaleString('en')} ${what}`)
}
