import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import type { StackInputs } from './inputs.ts'
import type { RoomFunction } from './room-function.ts'

export interface AudienceKeysProps {
  readonly inputs: StackInputs
}

/**
 * The stack's own keys, one a generation: HMAC keys that never leave KMS, from which each audience has its secret. New audiences
 * get that of the last generation; every earlier one stays for the audiences that have it. KMS does not rotate keys of this
 * kind by itself. A key that is gone takes the meaning of its audiences' recipient keys with it, so all outlive the stack.
 */
export class AudienceKeys extends Construct {
  readonly #keys: readonly Key[]

  constructor(scope: Construct, id: string, { inputs }: AudienceKeysProps) {
    super(scope, id)
    const generations = Array.from({ length: inputs.keyGeneration }, (_, index) => index + 1)
    this.#keys = generations.map(
      generation =>
        new Key(this, `Generation${generation}`, {
          description: `OnlyTo: recipient keys and row seals of audiences, generation ${generation}`,
          keySpec: KeySpec.HMAC_256,
          keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
          removalPolicy: RemovalPolicy.RETAIN,
          pendingWindow: Duration.days(30),
        }),
    )
  }

  /** The key of audiences that are indexed from now on. */
  get currentKeyId(): string {
    const current = this.#keys.at(-1)
    if (current === undefined) throw new TypeError('There is no generation of keys')
    return current.keyId
  }

  /** The right to the secrets of audiences of every generation, and to nothing else that the keys could do. */
  letDerive(room: RoomFunction): void {
    room.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:GenerateMac'],
        resources: this.#keys.map(({ keyArn }) => keyArn),
        conditions: { StringEquals: { 'kms:MacAlgorithm': 'HMAC_SHA_256' } },
      }),
    )
  }
}
