import * as z from 'zod'
import type { AlarmDefinition } from './deployment.ts'
import type { Intrinsics } from './intrinsics.ts'
import { shape } from './resource-shapes.ts'
import type { Template } from './resource-template.ts'
import { readResources } from './resources.ts'

/** An alarm on one metric. Metric maths, percentiles and anomaly bands are refused, as properties that nobody reads. */
const alarmShape = shape(
  z.object({
    AlarmDescription: z.string().default(''),
    Namespace: z.string(),
    MetricName: z.string(),
    Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
    Statistic: z.enum(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']),
    Period: z.number().positive(),
    Threshold: z.number(),
    ComparisonOperator: z.enum([
      'GreaterThanOrEqualToThreshold',
      'GreaterThanThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
    ]),
    EvaluationPeriods: z.number().int().positive(),
    DatapointsToAlarm: z.number().int().positive().optional(),
    TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).default('missing'),
  }),
  // Whom an alarm tells, and how it is called: nobody is woken on one computer.
  ['AlarmActions', 'OKActions', 'InsufficientDataActions', 'ActionsEnabled', 'AlarmName', 'Unit', 'Tags'],
)

export function readAlarms(template: Template, intrinsics: Intrinsics): readonly AlarmDefinition[] {
  return readResources(template, intrinsics, 'AWS::CloudWatch::Alarm', alarmShape).map(({ id, properties }) => ({
    name: id,
    description: properties.AlarmDescription,
    metric: {
      namespace: properties.Namespace,
      name: properties.MetricName,
      dimensions: Object.fromEntries(properties.Dimensions.map(({ Name, Value }) => [Name, Value])),
    },
    statistic: properties.Statistic,
    periodMs: properties.Period * 1000,
    comparison: properties.ComparisonOperator,
    threshold: properties.Threshold,
    evaluationPeriods: properties.EvaluationPeriods,
    datapointsToAlarm: properties.DatapointsToAlarm ?? properties.EvaluationPeriods,
    missingData: properties.TreatMissingData,
  }))
}
