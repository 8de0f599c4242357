import type { Hono } from 'hono'

/** Of 4,935 recipients, in an account of which SES tells no plan. */
export const fakeEstimate = {
  noticeId: 'n-1',
  ...{ recipients: 4935, ratePerSecond: 200, seconds: 24.675 },
  plans: [
    { plan: 'a-la-carte', ses: 0.4935, planMonthly: 0, overheadShare: 0.018, total: 0.5155 },
    { plan: 'essentials', ses: 0.7896, planMonthly: 0, overheadShare: 0.0114, total: 0.8116 },
  ],
  ...{ overhead: 0.009, byPart: { sns: 0.008, s3: 0.001, kms: 0 }, keeping: 0.013, deliveryRetentionDays: 400 },
  basis: 'An estimate, and no bill.',
}

export function serveEstimates(app: Hono, queries: unknown[], estimate: () => object): void {
  app.get('/notices/n-1/estimate', c => {
    queries.push(c.req.query())
    return c.json(estimate())
  })
}
