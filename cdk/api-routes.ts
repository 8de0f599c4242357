import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'

const { GET, POST } = HttpMethod

/** Every route of the API. What is not here, API Gateway answers itself with 404. */
export const apiRoutes = [
  { method: POST, path: '/notices' },
  { method: GET, path: '/notices' },
  { method: GET, path: '/notices/{noticeId}' },
  { method: POST, path: '/notices/{noticeId}/audience' },
  { method: GET, path: '/notices/{noticeId}/audience' },
  { method: POST, path: '/notices/{noticeId}/preview' },
  { method: POST, path: '/notices/{noticeId}/approve' },
  { method: POST, path: '/notices/{noticeId}/start' },
  { method: POST, path: '/notices/{noticeId}/stop' },
  { method: POST, path: '/notices/{noticeId}/resume' },
  { method: POST, path: '/notices/{noticeId}/retry' },
  { method: POST, path: '/stop' },
  { method: GET, path: '/notices/{noticeId}/status' },
  { method: GET, path: '/notices/{noticeId}/report' },
  { method: GET, path: '/notices/{noticeId}/estimate' },
  { method: GET, path: '/notices/{noticeId}/history' },
  { method: GET, path: '/notices/{noticeId}/deliveries' },
  { method: POST, path: '/notices/{noticeId}/recipients-link' },
  { method: POST, path: '/notices/{noticeId}/look-up' },
  { method: GET, path: '/openapi.json' },
] as const
