/** Resource types that a local run does without, and why. Any other type must be run, or reading the template fails. */
export const ignoredTypes: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'nobody is refused on one computer',
  'AWS::IAM::Policy': 'nobody is refused on one computer',
  'AWS::IAM::ManagedPolicy': 'nobody is refused on one computer',
  'AWS::Lambda::Permission': 'the local wiring may invoke every function',
  'AWS::SQS::QueuePolicy': 'access and transport security are matters of AWS',
  'AWS::SNS::TopicPolicy': 'access and transport security are matters of AWS',
  'AWS::S3::BucketPolicy': 'access and transport security are matters of AWS',
  'AWS::Logs::LogGroup': 'logs go to files in the state directory',
  'AWS::Logs::MetricFilter': 'metrics are read from the functions output',
  'AWS::CloudWatch::CompositeAlarm': 'nothing watches; the sums of the metrics can be read',
  'AWS::CloudWatch::Dashboard': 'a view of metrics, which changes nothing',
  'AWS::ApiGatewayV2::Stage': 'throttling and access logs of a deployed API',
  'AWS::SES::EmailIdentity': 'the simulator takes the sender that the stack was given',
  'AWS::CDK::Metadata': 'describes the template itself',
}
