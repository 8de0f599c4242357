/**
 * A request that the simulated AWS does not know. Thrown out of a service into whoever exchanges with it: never to be taken
 * for an answer of AWS or a broken connection, since it is the simulation that must grow.
 */
export class OutsideSimulation extends Error {
  override readonly name = 'OutsideSimulation'

  constructor(what: string) {
    super(`The simulated AWS does not know ${what}: add it under test/simulation/aws, or use what it knows`)
  }
}
