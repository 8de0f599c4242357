/** What a function's process is told, and what it answers. */
export interface InvokeMessage {
  readonly kind: 'invoke'
  readonly requestId: string
  readonly deadlineMs: number
  readonly event: unknown
}

export interface FunctionFault {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace?: readonly string[]
}

export type FunctionMessage =
  | { kind: 'ready' }
  | { kind: 'init-failed'; fault: FunctionFault }
  /** `payload` is JSON, as Lambda carries it. */
  | { kind: 'returned'; requestId: string; payload: string; maxMemoryMb: number }
  | { kind: 'threw'; requestId: string; fault: FunctionFault; maxMemoryMb: number }

/** What became of an invocation. All but `returned` are Lambda's "unhandled" function errors. */
export type Invocation =
  | { kind: 'returned'; payload: string }
  | { kind: 'threw'; fault: FunctionFault }
  | { kind: 'timed-out'; fault: FunctionFault }
  /** The process died: killed, out of memory, or ended by the function itself. */
  | { kind: 'crashed'; fault: FunctionFault }

/** Lambda's bound on a synchronous invocation, for the event and for the answer. */
export const PAYLOAD_LIMIT_BYTES = 6 * 1024 * 1024
