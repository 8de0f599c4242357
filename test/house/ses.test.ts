import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** What could send a mail, and the only files that may name it. A text that each finds shows that it can. */
const waysToSend: readonly { what: string; pattern: RegExp; only: readonly string[]; example: string }[] = [
  {
    what: 'a client of SES',
    pattern: /\bnew SESv2(?:Client)?\b|class \w+ extends SESv2/,
    only: ['functions/ses/ses-account.ts', 'functions/ses/ses-mailer.ts', 'smoke/aws-ses.ts'],
    example: 'const client = new SESv2Client({})',
  },
  {
    what: 'SendEmail',
    pattern: /SendEmailCommand\b|\.sendEmail\(/,
    only: ['functions/ses/ses-mailer.ts'],
    example: 'new SendEmailCommand({})',
  },
  {
    what: 'GetAccount',
    pattern: /GetAccountCommand\b/,
    only: ['functions/ses/ses-account.ts'],
    example: 'new GetAccountCommand({})',
  },
  {
    what: 'any other command of SES',
    pattern:
      /\b(?:Send(?:Bulk|Custom|Raw|Templated|Bounce)\w*|(?:Create|Put|Update|Delete)(?:Email|ConfigurationSet|Suppress)\w*)Command\b/,
    only: [],
    example: 'new SendBulkEmailCommand({})',
  },
  {
    what: 'the SDK of SES',
    pattern: /['"]@aws-sdk\/client-sesv2['"]/,
    only: [
      'functions/ses/ses-account.ts',
      'functions/ses/ses-mailer.ts',
      'functions/ses/wire-check.ts',
      'smoke/aws-ses.ts',
    ],
    example: "await import('@aws-sdk/client-sesv2')",
  },
  {
    what: 'another SDK that sends mails',
    pattern:
      /['"](?:@aws-sdk\/client-(?:ses|pinpoint[\w-]*|workmail\w*)|aws-sdk|nodemailer|smtp-\w+|emailjs|@sendgrid\/\w+|postmark|mailgun[\w.-]*)['"]/,
    only: [],
    example: "import { SESClient } from '@aws-sdk/client-ses'",
  },
  {
    what: 'SES without an SDK, or SMTP',
    pattern: /outbound-(?:bulk-)?emails|email-smtp|smtps?:\/\/|['"]node:(?:net|tls)['"]|\bemail\.\$\{/,
    only: ['functions/ses/wire-check.ts'],
    example: "fetch('https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails')",
  },
  {
    what: 'the way past the inspection',
    pattern: /\bregisterInput\(/,
    only: ['functions/ses/ses-mailer.ts', 'functions/ses/wire-check.ts'],
    example: 'registerInput(input, mail)',
  },
]

const sources = globSync('{functions,cdk,cli,smoke}/**/*.ts').map(path => ({ path, text: readFileSync(path, 'utf8') }))

describe('Alone: one file sends', () => {
  it.each(waysToSend)('$what is nowhere else', ({ pattern, only }) => {
    const found = sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path)
    expect(found.filter(path => !only.includes(path))).toEqual([])
    for (const path of only) expect(found).toContain(path)
  })

  it.each(waysToSend)('$what would be found', ({ pattern, example }) => {
    expect(example).toMatch(pattern)
  })

  it('in hundreds of files', () => {
    expect(sources.length).toBeGreaterThan(200)
  })

  it('makes no client by itself but those that the wire is checked on', () => {
    for (const path of ['functions/ses/ses-mailer.ts', 'functions/ses/ses-account.ts', 'smoke/aws-ses.ts']) {
      const text = readFileSync(path, 'utf8')
      const made = text.match(/new SESv2Client\(/g) ?? []
      const checked =
        text.match(/(?:checkWire|allowOnly)\((?:[^\n]*, )?(?:withoutRequestLog\()?new SESv2Client\(/g) ?? []
      expect(checked.length).toBe(made.length)
    }
  })
})
