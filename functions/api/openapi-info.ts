/** The part of the OpenAPI document that is not a route. */
export const openApiInfo = {
  openapi: '3.1.0',
  info: {
    title: 'OnlyTo',
    version: '1',
    description:
      'Sends one notice to every recipient of an audience, each alone. Draft, upload the audience, preview, approve, start; ' +
      'then follow the status, stop and resume, and read the report. Requests are signed with AWS credentials (SigV4).',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  security: [{ sigv4: [] }],
}

export const securityScheme = {
  type: 'apiKey',
  name: 'Authorization',
  in: 'header',
  description: 'AWS Signature Version 4, service execute-api.',
  'x-amazon-apigateway-authtype': 'awsSigv4',
} as const
