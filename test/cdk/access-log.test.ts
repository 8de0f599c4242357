import { expect, it } from 'vitest'
import * as z from 'zod'
import { ofType, synthesise } from './template.ts'

const stage = z.looseObject({ AccessLogSettings: z.looseObject({ Format: z.string() }) })

/** What API Gateway, IAM or OnlyTo itself chooses: of a request's own words there is nothing. */
const notTheClients = [
  'requestId',
  'requestTime',
  'routeKey',
  'status',
  'identity.userArn',
  'responseLatency',
  'integrationErrorMessage',
]

it('Private: the access log holds nothing that a client can put an address into', () => {
  const stages = ofType(synthesise(), 'AWS::ApiGatewayV2::Stage', stage)
  expect(stages).toHaveLength(1)
  for (const { properties } of stages) {
    const logged = properties.AccessLogSettings.Format.matchAll(/\$context\.([\w.]+)/g)
    expect([...logged].map(([, name]) => name).sort()).toEqual([...notTheClients].sort())
  }
})
