import { OpenAPIHono } from '@hono/zod-openapi'
import { addApprovalRoutes } from './approval-routes.ts'
import { addAudienceRoutes } from './audience-routes.ts'
import { addDeliveryRoutes } from './delivery-routes.ts'
import { addEstimateRoutes } from './estimate-routes.ts'
import { addHistoryRoutes } from './history-routes.ts'
import { invalidRequest } from './invalid-request.ts'
import { requireJson } from './json-body.ts'
import { addNoticeRoutes } from './notice-routes.ts'
import { openApiInfo, securityScheme } from './openapi-info.ts'
import type { ApiPorts } from './ports.ts'
import { answerProblem } from './problem-response.ts'
import { refusal } from './problems.ts'
import { addProgressRoutes } from './progress-routes.ts'
import { requireNoticeId } from './require-notice-id.ts'
import { addRunRoutes } from './run-routes.ts'
import { shownPath } from './shown-path.ts'

/**
 * The operator's API over its ports. Every change is one conditional write, so a repeated request either finds its work done
 * and is told so, or does it. Every refusal is a problem (RFC 9457) and has changed nothing.
 */
export function createApi(ports: ApiPorts): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, c) =>
      result.success ? undefined : answerProblem(c, invalidRequest(result.error.issues, result.target)),
  })
  app.post('*', requireJson)
  app.use('*', requireNoticeId)
  addNoticeRoutes(app, ports)
  addAudienceRoutes(app, ports)
  addApprovalRoutes(app, ports)
  addRunRoutes(app, ports)
  addProgressRoutes(app, ports)
  addHistoryRoutes(app, ports)
  addEstimateRoutes(app, ports)
  addDeliveryRoutes(app, ports)
  app.openAPIRegistry.registerComponent('securitySchemes', 'sigv4', securityScheme)
  app.doc31('/openapi.json', openApiInfo)

  app.notFound(c => {
    const detail = `${c.req.method} ${shownPath(c.req.path)} is no route of this API. GET /openapi.json lists them.`
    return answerProblem(c, refusal('unknown-route', detail))
  })
  app.onError((error, c) => {
    ports.log.error('A request failed', { method: c.req.method, path: shownPath(c.req.path) }, error)
    const detail =
      'The request failed for a reason that the log of the api function has. Read the notice, then try again.'
    return answerProblem(c, refusal('unexpected', detail))
  })
  return app
}
