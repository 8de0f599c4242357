import { fault } from './chosen.js'

/** As many as SES takes in one message: a batch has more, and SES would refuse those by itself. */
const CUSTOMERS = 50

const addresses = []
let before

/** Remembers whose message it is, and what it says: a list that lives longer than it should. */
export function remember(request) {
  addresses.push(request.Destination.ToAddresses[0])
  if (addresses.length > CUSTOMERS) addresses.shift()
  const neighbour = before
  before = request
  return neighbour
}

/** The request as a careless rewrite would make it, of this customer's and those of the ones before. */
export function distort(request, neighbour) {
  const [own] = request.Destination.ToAddresses
  const others = addresses.filter(address => address !== own)
  switch (fault) {
    case 'to':
      return { ...request, Destination: { ToAddresses: [own, ...others] } }
    case 'cc':
      return { ...request, Destination: { ToAddresses: [own], CcAddresses: others } }
    case 'bcc':
      return { ...request, Destination: { ToAddresses: [own], BccAddresses: others } }
    case 'list':
      return { ...request, Destination: { ToAddresses: [[own, ...others].join(', ')] } }
    case 'crossed':
      return { ...request, Content: (neighbour ?? request).Content }
    default:
      throw new TypeError(`There is no fault "${fault}".`)
  }
}
