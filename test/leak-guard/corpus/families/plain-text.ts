import type { Family } from '../family.ts'
import { withHtml, withSubject, withText } from '../honest.ts'

const text = (make: (address: string) => string) => (address: string) => withText(make(address))

export const rows: Family = {
  name: 'Rows of another customer',
  happens: 'A table or an export meant for support is pasted into the notice, or a debug line is left in the template.',
  own: 'passes',
  messages: {
    'a row of CSV': text(address => `4711,${address},Max,en,"1,204.50"`),
    'a row of CSV with semicolons': text(address => `4711;${address};Max;de;1.204,50`),
    'a quoted row of CSV': text(address => `"4711","${address}","Max"`),
    'a row of a sheet': text(address => `4711\t${address}\tMax\ten`),
    'a row of NDJSON': text(address => JSON.stringify({ address, locale: 'en', variables: { balance: '1.00' } })),
    'a table': text(address => `+------+-----------+\n| 4711 | ${address} |\n+------+-----------+`),
    'a table in markdown': text(address => `| id | mail |\n|---|---|\n| 4711 | ${address} |`),
    'a table in columns': text(address => `4711    ${address}    1,204.50`),
    'an SQL statement': text(address => `UPDATE accounts SET told = 1 WHERE email = '${address}';`),
    'a log line': text(address => `2026-11-23T09:00:00Z INFO send to=${address} status=ok`),
    'a stack of an error': text(address => `Error: no balance for ${address}\n    at render (mail.js:12:3)`),
    'a business card': text(address => `BEGIN:VCARD\nFN:Max\nEMAIL;TYPE=work:${address}\nEND:VCARD`),
    'a calendar entry': text(address => `BEGIN:VEVENT\nATTENDEE;RSVP=TRUE:mailto:${address}\nEND:VEVENT`),
    'an LDIF entry': text(address => `dn: uid=max\nmail: ${address}\n`),
    'a YAML file': text(address => `customer:\n  mail: ${address}\n  locale: en`),
    'a line of XML': text(address => `<customer id="4711"><mail>${address}</mail></customer>`),
    'a variable by name': text(address => `email=${address} balance=1,204.50`),
    'a bulleted list': text(address => ` - ${address}\n - 1,204.50`),
    brackets: text(address => `Account [${address}] {${address}} (${address})`),
    'quotation marks': text(address => `Account “${address}”, „${address}“, «${address}», 「${address}」`),
    'a full stop after it': text(address => `This concerns ${address}.`),
    'a question about it': text(address => `Is it ${address}?!…`),
    'between Chinese characters': text(address => `请联系${' '}${address}，谢谢`),
    'between Arabic words': text(address => `الحساب ${address}، شكرا`),
    'in Markdown emphasis': text(address => `Account: **${address}**, ~~${address}~~ \`${address}\``),
    'in a table of HTML': address =>
      withHtml(`<table><tr><td>4711</td><td>${address}</td><td>1,204.50</td></tr></table>`),
    'in a list of HTML': address => withHtml(`<ul><li>${address}<li>1,204.50</ul>`),
    'in a table without ends': address => withHtml(`<table><tr><td>4711<td>${address}<td>1,204.50</table>`),
    'right after a text': address => withHtml(`<p>Account:<br>${address}<br>1,204.50</p>`),
  },
}

export const threads: Family = {
  name: 'Threads and signatures',
  happens: 'The notice is written as a reply to a customer’s question, with everything below still in it.',
  own: 'passes',
  messages: {
    'who wrote it': text(address => `On 20 Nov 2026 Max <${address}> wrote:\n> When does the index change?`),
    'quoted headers': text(address => `> From: Max <${address}>\n> To: support@exchange.example`),
    'a forwarded message': text(
      address => `---------- Forwarded message ----------\nFrom: ${address}\nSubject: Index\n\nHello`,
    ),
    'an original message': text(address => `-----Original Message-----\nFrom: Max [mailto:${address}]\nSent: Friday`),
    'a signature': text(address => `-- \nMax\nCustomer of the exchange\n${address} | +49 123 45`),
    'a signature in HTML': address =>
      withHtml(`<div class="gmail_signature">Max<br><a href="mailto:${address}">${address}</a></div>`),
    'a quotation in HTML': address =>
      withHtml(`<div class="gmail_quote">Max &lt;<a href="mailto:${address}">${address}</a>&gt; wrote:</div>`),
    'a mention': address => withHtml(`<a id="OWAAM1" href="mailto:${address}" class="mention">@Max</a>, see below`),
    'escaped angle brackets': address => withHtml(`<p>To: Max &lt;${address}&gt;</p>`),
    'a message that came back': text(address => `Final-Recipient: rfc822;${address}\nAction: failed\nStatus: 5.1.1`),
    'a footer of a list': text(address => `You are subscribed to index-changes as ${address}.`),
    'a subject of a thread': address => withSubject(`Re: Question of ${address}`),
    'a subject with angle brackets': address => withSubject(`Fwd: Max <${address}>`),
    'a subject with a prefix': address => withSubject(`[${address}] The index changes`),
  },
}
