import { expect, test } from 'vitest'
import { historyAnswer, reportAnswer, statusAnswer } from '../../cli/api-answers.ts'
import { apiRefusal } from '../../cli/api-refusal.ts'
import { writeHistory } from '../../cli/history-text.ts'
import { writeReport } from '../../cli/report-text.ts'
import { writeStatus } from '../../cli/status-text.ts'
import { plain } from '../../cli/terminal.ts'
import { patient, people, senderWorld } from '../sender/sender-world.ts'
import { apiUnderTest } from './api-under-test.ts'

const stranger = 'eve.stranger@elsewhere.test'
/** How somebody's address may stand in a message, so that the guard refuses it. */
const disguises = [
  stranger,
  `Jane <${stranger}>`,
  stranger.replace('@', '%40'),
  stranger.replace('@', '&#64;'),
  Buffer.from(stranger).toString('base64'),
  `https://shop.example/?to=${encodeURIComponent(stranger)}&name=Jane+Doe&balance=1234`,
]

test('no view of a refusal has anything of an address, a name or a number: not the API, the command line, or the log', async () => {
  const recipients = people(disguises.length).map((person, index) => ({
    ...person,
    variables: { name: disguises[index] ?? '' },
  }))
  const world = await senderWorld({ recipients })
  await world.clock.drive(world.sender()({ noticeId: world.noticeId, run: 1, batch: 0 }, patient))
  const { notices, ledger, ports } = world
  const api = apiUnderTest({ notices, ledger, contents: ports.contents, audiences: ports.audiences })
  const path = `/notices/${world.noticeId}`

  const [status, report, history] = await Promise.all(
    ['status', 'report', 'history'].map(of => api.get(`${path}/${of}`)),
  )
  const refused = await api.post(`${path}/resume`)
  const views = {
    notice: (await api.get(path)).text,
    list: (await api.get('/notices')).text,
    status: status?.text,
    report: report?.text,
    history: history?.text,
    deliveries: (await api.get(`${path}/deliveries?fate=rejected`)).text,
    refusal: refused.text,
    'status on the command line': writeStatus(statusAnswer.parse(status?.body), plain),
    'report on the command line': writeReport(reportAnswer.parse(report?.body), plain),
    'history on the command line': writeHistory(historyAnswer.parse(history?.body)),
    'refusal on the command line': refusalText(refused.body, `${path}/resume`),
    log: [...world.logged, ...api.logged.map(line => JSON.stringify(line))].join('\n'),
  }
  expect(await world.read()).toMatchObject({ state: 'stopped', leak: { rule: 'foreign-address' } })
  for (const [view, text = ''] of Object.entries(views)) {
    expect(text, view).toContain('foreign-address')
    expect(text, view).not.toMatch(/stranger|elsewhere|customer-|jane|doe|1234|shop/i)
    for (const disguised of disguises) expect(text, view).not.toContain(disguised)
  }
})

function refusalText(problem: unknown, path: string): string {
  const { message, details } = apiRefusal(
    { baseUrl: 'https://api.example', method: 'POST', path, status: 409, body: {} },
    problem,
  )
  return [message, ...details].join('\n')
}
