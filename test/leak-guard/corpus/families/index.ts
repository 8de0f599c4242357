import type { Family } from '../family.ts'
import { almostOwnDomain, domains, localParts } from './address-forms.ts'
import { hexadecimal, tokens } from './base64.ts'
import { cut, threeLevels, twoLevels } from './composed.ts'
import { copies, lists, wrongRecipient } from './destination.ts'
import { encodedWords, unreadableWords } from './encoded-words.ts'
import { entities } from './entities.ts'
import { injectedHeaders, ownHeaders, tags } from './headers.ts'
import { attributes, hidden, scripts, styles } from './html-places.ts'
import { mailto, otherSchemes } from './links.ts'
import { replies, senders } from './mailboxes.ts'
import { almost, merges } from './merges.ts'
import { severalInOneString, wrapped } from './one-string.ts'
import { deep, percent, percentForAnother } from './percent.ts'
import { rows, threads } from './plain-text.ts'
import { otherCharsets, otherContents, otherKeys } from './request-keys.ts'
import { split } from './split.ts'
import { compatibility, controls, invisible, turned } from './unicode.ts'

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
  entities,
  percent,
  percentForAnother,
  deep,
  encodedWords,
  unreadableWords,
  tokens,
  hexadecimal,
  compatibility,
  invisible,
  turned,
  controls,
  split,
  attributes,
  hidden,
  styles,
  scripts,
  mailto,
  otherSchemes,
  rows,
  threads,
  merges,
  almost,
  localParts,
  domains,
  almostOwnDomain,
  twoLevels,
  threeLevels,
  cut,
]
