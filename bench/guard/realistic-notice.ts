import type { Content } from '../../functions/notice/content.ts'

/** A customer of an example notice, with an address of the usual length. */
export function customerOf(row: number) {
  const address = `jane.doe.${row}@example.com`
  return {
    address,
    locale: 'en',
    variables: {
      first_name: row % 7 === 0 ? 'Zoë' : `Jane ${row}`,
      balance: `1,${String(row % 1000).padStart(3, '0')}.50 USD`,
      email: address,
      unsubscribe: `https://exchange.example/u?e=${encodeURIComponent(address)}&t=${Buffer.from(`${row}:notice`).toString('base64url')}`,
    },
  }
}

export const sender = 'notices@exchange.example'
export const support = 'support@exchange.example'

const paragraph = (text: string) => `
        <tr>
          <td style="padding:0 32px 16px;font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:24px;color:#1f2933;">
            ${text}
          </td>
        </tr>`

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>The index changes on Monday</title>
    <style>
      @media only screen and (max-width: 600px) { .card { width: 100% !important; padding: 16px !important; } }
      a { color: #0b69a3; text-decoration: underline; }
    </style>
  </head>
  <body style="margin:0;padding:0;background-color:#f5f7fa;">
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
      <tr><td align="center" style="padding:32px 0;">
      <table class="card" role="presentation" width="600" cellpadding="0" cellspacing="0" style="background:#ffffff;border-radius:8px;">
        <tr>
          <td style="padding:24px 32px;"><img src="https://cdn.exchange.example/mail/logo@2x.png" width="140" height="32" alt="Example Exchange"></td>
        </tr>${[
          'Dear {{first_name}},',
          'On <strong>Monday, 2 November 2026, 08:00 UTC</strong> we change how the index of our perpetual contracts is put together. Prices may move when this happens, so please look at your open positions before then.',
          'Your balance today is <b>{{balance}}</b>. Nothing that you hold is touched by the change itself: only the price to which profits and losses are marked is.',
          'The new index takes the median of five markets instead of the mean of three. A market that has not traded for a minute, or that is more than 3&nbsp;% away from the others, is left out until it comes back.',
          'Orders that rest in the book stay where they are. Liquidations are paused from 07:55 to 08:10 UTC, so that nobody loses a position to the change itself.',
          'The calculation, with examples, is at <a href="https://exchange.example/index?utm_source=notice&amp;utm_medium=email&amp;utm_campaign=index-change">exchange.example/index</a>.',
          'You do not need to do anything. If you have questions, write to <a href="mailto:support@exchange.example">support@exchange.example</a>: we answer within the hour, at any time of the day.',
        ]
          .map(paragraph)
          .join('')}
        <tr>
          <td style="padding:16px 32px 32px;border-top:1px solid #e4e7eb;font-family:Helvetica,Arial,sans-serif;font-size:12px;line-height:18px;color:#7b8794;">
            This notice was sent to {{email}} because you have an account with Example Exchange &middot; 1 Market Street, Example City.<br>
            <a href="{{unsubscribe}}">Unsubscribe</a> &nbsp;|&nbsp; <a href="https://exchange.example/privacy">Privacy</a> &copy; 2026
          </td>
        </tr>
      </table>
      </td></tr>
    </table>
  </body>
</html>
`

const text = `Dear {{first_name}},

on Monday, 2 November 2026, 08:00 UTC we change how the index of our perpetual contracts is put together. Prices may
move when this happens, so please look at your open positions before then.

Your balance today is {{balance}}. Nothing that you hold is touched by the change itself: only the price to which
profits and losses are marked is.

The calculation, with examples: https://exchange.example/index
Questions: support@exchange.example

This notice was sent to {{email}} because you have an account with Example Exchange.
Unsubscribe: {{unsubscribe}}
`

/** A notice of a usual kind and size: some 4 KB of HTML, a text, three variables, an unsubscribe link, the own address. */
export const realisticContent: Content = {
  defaultLocale: 'en',
  variants: { en: { subject: '{{first_name}}, the index changes on Monday', text, html } },
}
