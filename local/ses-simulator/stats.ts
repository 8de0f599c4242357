/**
 * What the simulator has seen since its start, or since its messages were deleted. Once nothing is in flight,
 * requests = accepted + throttled + refused + faulted - acceptedThenFaulted.
 */
export interface SimulatorStats {
  /** SendEmail requests whose body arrived. */
  requests: number
  accepted: number
  /** Answered 429 because of the send rate. */
  throttled: number
  /** Any other refusal: invalid, over the quota, paused by option. */
  refused: number
  /** Requests that a fault befell. */
  faulted: number
  acceptedThenFaulted: number
  /** By time of arrival; null before the first. */
  firstAcceptedAtMs: number | null
  lastAcceptedAtMs: number | null
  maxInFlight: number
  eventsPublished: number
  eventsLost: number
  relayed: number
  relayFailed: number
}

export function newStats(): SimulatorStats {
  return {
    requests: 0,
    accepted: 0,
    throttled: 0,
    refused: 0,
    faulted: 0,
    acceptedThenFaulted: 0,
    firstAcceptedAtMs: null,
    lastAcceptedAtMs: null,
    maxInFlight: 0,
    eventsPublished: 0,
    eventsLost: 0,
    relayed: 0,
    relayFailed: 0,
  }
}
