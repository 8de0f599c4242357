import type { UsageAtRate } from './usage.ts'

/** What one recipient takes of each service, counted by `npm run bench:cost`, which writes this file. */
export const measuredUsage: readonly UsageAtRate[] = [
  {
    "ratePerSecond": 14,
    "writeUnits": 0.8504,
    "readUnits": 1.241,
    "gbSeconds": {
      "api": 0.0001637,
      "audience": 0.00001272,
      "dispatcher": 0.03879,
      "sender": 0.07112,
      "feedback": 0.0005001
    },
    "invocations": 0.1154,
    "sqsRequests": 0.43,
    "snsPublishes": 2,
    "s3Puts": 0.0001984,
    "s3Gets": 0.0104,
    "httpApiRequests": 0.03488,
    "kmsRequests": 0.000119,
    "logBytes": 2
  },
  {
    "ratePerSecond": 200,
    "writeUnits": 0.6833,
    "readUnits": 0.4124,
    "gbSeconds": {
      "api": 0.00001436,
      "audience": 0.00000766,
      "dispatcher": 0.003134,
      "sender": 0.007468,
      "feedback": 0.0002394
    },
    "invocations": 0.02917,
    "sqsRequests": 0.4213,
    "snsPublishes": 2,
    "s3Puts": 0.0001333,
    "s3Gets": 0.0102,
    "httpApiRequests": 0.00255,
    "kmsRequests": 0.00006667,
    "logBytes": 2
  },
  {
    "ratePerSecond": 1000,
    "writeUnits": 1.036,
    "readUnits": 0.7567,
    "gbSeconds": {
      "api": 0.000003577,
      "audience": 0.000004289,
      "dispatcher": 0.0006502,
      "sender": 0.00347,
      "feedback": 0.0003132
    },
    "invocations": 0.0279,
    "sqsRequests": 0.4214,
    "snsPublishes": 2,
    "s3Puts": 0.00009,
    "s3Gets": 0.0102,
    "httpApiRequests": 0.00056,
    "kmsRequests": 0.00008,
    "logBytes": 2
  },
  {
    "ratePerSecond": 5000,
    "writeUnits": 1.707,
    "readUnits": 1.46,
    "gbSeconds": {
      "api": 0.000001345,
      "audience": 0.000003243,
      "dispatcher": 0,
      "sender": 0.002747,
      "feedback": 0.0002787
    },
    "invocations": 0.01887,
    "sqsRequests": 0.4213,
    "snsPublishes": 2,
    "s3Puts": 0.00007333,
    "s3Gets": 0.01045,
    "httpApiRequests": 0.0001467,
    "kmsRequests": 0.0002133,
    "logBytes": 2
  }
]
