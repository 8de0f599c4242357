import { addressesOfNotice, type Permitted } from '../../../../functions/leak-guard/leak-guard.ts'
import { compileContent, renderMessage } from '../../../../functions/rendering/render.ts'
import { mailRequest } from '../../../../functions/ses/mail-request.ts'
import { bodies, heads } from './html-pieces.ts'
import { ownInSentence, sentences, subjects } from './languages.ts'
import { personOf } from './people.ts'
import type { Seeded } from './seeded.ts'

export interface Legitimate {
  readonly request: unknown
  readonly permitted: Permitted
}

const fromNames = [
  'Example Exchange',
  "Exchange, Inc. (O'Brien)",
  'Börse “Beispiel” 交易所 👍🏽',
  'Exchange @ Work',
  'R&D "quoted" \\ name',
  'exchange.example: 100%',
  '',
]
const senders = ['notices@exchange.example', 'no-reply@xn--brse-5qa.example', "o'hara@mail.exchange.example"]
const closings = [
  'Questions: support@exchange.example',
  'Write to Support <support@exchange.example>.',
  '-- \nExchange',
]

/** One notice: a template out of many pieces, and what is approved with it. */
function templateOf(chance: Seeded) {
  const htmlPieces = [
    ...chance.some(heads, 1 + chance.int(4)),
    ...chance.some(bodies, 5 + chance.int(10)),
    ...chance.some(ownInSentence, 2).map(sentence => `<p>${escaped(sentence)}</p>`),
    ...chance.some(sentences, 4).map(sentence => `<p>${escaped(sentence)}</p>`),
  ]
  const text = [...chance.some(sentences, 9), ...chance.some(ownInSentence, 5), chance.pick(closings)].join('\n')
  const joint = chance.pick(['', '\n', '\r\n  '])
  return {
    subject: chance.pick(subjects),
    text: chance.chance(20) ? text.replaceAll('\n', '\r\n') : text,
    html: `<!doctype html><html><body>${htmlPieces.join(joint)}</body></html>`,
  }
}

/** As many messages as one wants, `perNotice` recipients to each notice, made as the sender makes them. */
export function* legitimate(chance: Seeded, notices: number, perNotice: number): Generator<Legitimate> {
  for (let index = 0; index < notices; index++) {
    const template = templateOf(chance)
    const content = compileContent({ defaultLocale: 'en', variants: { en: template } })
    const from = { name: chance.pick(fromNames), address: chance.pick(senders) }
    const replyTo = chance.chance(50) ? 'support@exchange.example' : undefined
    const noticeAddresses = addressesOfNotice([from.address, from.name, replyTo ?? '', ...Object.values(template)])
    for (let row = 0; row < perNotice; row++) {
      const { address, key, variables } = personOf(chance)
      const rendering = renderMessage(content, { variables })
      if (rendering.kind === 'failed') throw new Error(rendering.reason)
      const request = mailRequest({
        from,
        to: address,
        replyTo,
        subject: rendering.subject,
        text: rendering.text,
        html: rendering.html,
        tags: { notice: `n-${index}`, batch: index, attempt: 1, recipient: key },
        configurationSet: 'onlyto-notices',
      })
      yield { request, permitted: { recipient: address, noticeAddresses } }
    }
  }
}

/** For HTML, by hand, as far as the sentences need it. */
function escaped(sentence: string): string {
  return sentence
    .replace(/&(?=[^a-z#])/gi, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
