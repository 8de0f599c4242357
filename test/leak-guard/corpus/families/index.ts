import type { Family } from '../family.ts'
import { copies, lists, wrongRecipient } from './destination.ts'
import { injectedHeaders, ownHeaders, tags } from './headers.ts'
import { replies, senders } from './mailboxes.ts'
import { severalInOneString, wrapped } from './one-string.ts'
import { otherCharsets, otherContents, otherKeys } from './request-keys.ts'

export const families: readonly Family[] = [
  lists,
  wrongRecipient,
  copies,
  severalInOneString,
  wrapped,
  otherKeys,
  otherContents,
  otherCharsets,
  ownHeaders,
  injectedHeaders,
  tags,
  senders,
  replies,
]
