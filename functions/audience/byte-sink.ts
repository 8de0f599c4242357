/** Where one object is written to. Nothing is visible before `close` has returned, and nothing ever is after `abort`. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
  abort(): Promise<void>
}

/** The three objects of an indexed audience. */
export interface AudienceSinks {
  readonly recipients: ByteSink
  readonly batches: ByteSink
  readonly refusedRows: ByteSink
}
