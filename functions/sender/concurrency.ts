/** Batches that one call of a sender takes, one closely after the other. As many as SQS gives at once. */
export const BATCHES_PER_CALL = 10
