import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { noSuchBucket, noSuchKey, preconditionFailed } from './s3-refusal.ts'

/** A file that holds an object, or one part of it: a completed multipart upload keeps its parts as they came. */
export interface Segment {
  readonly path: string
  readonly size: number
}

export interface StoredObject {
  readonly segments: readonly Segment[]
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  readonly lastModified: Date
  /** What GET and HEAD give back: content type, user metadata and the like. */
  readonly headers: Readonly<Record<string, string>>
  readonly crc32?: string
}

/**
 * Objects on disk, their index in memory. An object appears, changes and goes in one step, when its files are complete;
 * a reader that has begun keeps the version it began with. Opens empty: what an earlier run left in `directory` is
 * removed.
 */
export class ObjectStore {
  readonly #directory: string
  readonly #buckets: ReadonlyMap<string, Map<string, StoredObject>>
  readonly #readers = new Map<StoredObject, number>()
  /** Replaced or deleted while somebody still reads them. */
  readonly #unwanted = new Set<StoredObject>()
  #filesNamed = 0

  private constructor(directory: string, buckets: readonly string[]) {
    this.#directory = directory
    this.#buckets = new Map(buckets.map(bucket => [bucket, new Map()]))
  }

  static async open(directory: string, buckets: readonly string[]): Promise<ObjectStore> {
    await rm(directory, { recursive: true, force: true })
    await mkdir(directory, { recursive: true, mode: 0o700 })
    return new ObjectStore(directory, buckets)
  }

  /** A path that nothing else uses, with the key in it for a person who looks. */
  newFile(bucket: string, key: string): string {
    this.#filesNamed += 1
    const readable = encodeURIComponent(`${bucket}/${key}`).slice(0, 180)
    return join(this.#directory, `${this.#filesNamed}-${readable}`)
  }

  objectsOf(bucket: string): ReadonlyMap<string, StoredObject> {
    return this.#bucket(bucket)
  }

  get(bucket: string, key: string): StoredObject {
    const object = this.#bucket(bucket).get(key)
    if (object === undefined) throw noSuchKey()
    return object
  }

  /** Throws `PreconditionFailed` when the key must be new and is not; the caller then removes its files. */
  put(bucket: string, key: string, object: StoredObject, mustBeNew: boolean): void {
    const objects = this.#bucket(bucket)
    const previous = objects.get(key)
    if (mustBeNew && previous !== undefined) throw preconditionFailed('If-None-Match: *')
    objects.set(key, object)
    if (previous !== undefined) this.#removeUnread(previous)
  }

  delete(bucket: string, key: string): void {
    const objects = this.#bucket(bucket)
    const previous = objects.get(key)
    objects.delete(key)
    if (previous !== undefined) this.#removeUnread(previous)
  }

  /** The bytes from `first` to `last`, both included. */
  async *read(object: StoredObject, first: number, last: number): AsyncGenerator<Buffer> {
    this.#readers.set(object, (this.#readers.get(object) ?? 0) + 1)
    try {
      let offset = 0
      for (const { path, size } of object.segments) {
        const start = Math.max(first - offset, 0)
        const end = Math.min(last - offset, size - 1)
        if (start <= end) yield* createReadStream(path, { start, end, highWaterMark: 256 * 1024 })
        offset += size
      }
    } finally {
      this.#leave(object)
    }
  }

  #leave(object: StoredObject): void {
    const others = (this.#readers.get(object) ?? 1) - 1
    if (others > 0) {
      this.#readers.set(object, others)
      return
    }
    this.#readers.delete(object)
    if (this.#unwanted.delete(object)) void removeFiles(object.segments)
  }

  #removeUnread(object: StoredObject): void {
    if (this.#readers.has(object)) this.#unwanted.add(object)
    else void removeFiles(object.segments)
  }

  #bucket(bucket: string): Map<string, StoredObject> {
    const objects = this.#buckets.get(bucket)
    if (objects === undefined) throw noSuchBucket(bucket)
    return objects
  }
}

export async function removeFiles(segments: Iterable<Segment>): Promise<void> {
  for (const { path } of segments) await rm(path, { force: true })
}
