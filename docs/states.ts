import { writeFileSync } from 'node:fs'
import { batchTransitions } from '../functions/ledger/batch-states.ts'
import { evidenceRules, sentAgainAfter } from '../functions/ledger/delivery-states.ts'
import { noticeTransitions } from '../functions/notice/notice-states.ts'

/** `npm run docs`: writes docs/states.md from the very data that the code decides by. */
export function statesPage(): string {
  return `# States

Made by \`npm run docs\` from the data that the code decides by; a test holds them together.

## Notice

From \`functions/notice/notice-states.ts\`. \`start\` makes the run 1; \`resume\` and \`retry\` raise it, and pointers of an older run are void.
A notice that is being sent is also stopped by every stop of all notices since it was last started, resumed or retried.
A refusal by the leak guard is held beside the state, whatever that is: it stops a notice that is being sent, and until somebody
has said what its cause was, neither \`resume\` nor \`retry\` goes anywhere.

${diagram(waysOf(noticeTransitions), 'draft')}

## Batch

From \`functions/ledger/batch-states.ts\`. A batch has no row until it is first claimed. Every change is one conditional write.

${diagram(waysOf(batchTransitions), 'unclaimed')}

| change | holds only when |
|---|---|
${Object.entries(batchTransitions)
  .map(([name, { when }]) => `| ${name} | ${when} |`)
  .join('\n')}

## Delivery

From \`functions/ledger/delivery-states.ts\`. The fate of a recipient is the fold of the facts known about its attempts. Of one attempt the
first of these that is known decides:

| evidence | fate |
|---|---|
${evidenceRules.map(({ evidence, fate }) => `| ${evidence} | ${fate} |`).join('\n')}
| nothing is known | pending |

The last attempt decides, unless an earlier one is known to have been accepted for good; and a refusal says nothing of an earlier
attempt that is in doubt. There is another attempt only:

| after | when |
|---|---|
${Object.entries(sentAgainAfter)
  .map(([fate, when]) => `| ${fate} | ${when} |`)
  .join('\n')}

${diagram(
  [
    ...evidenceRules.map(({ evidence, fate }): Way => ['pending', fate, evidence]),
    ...evidenceRules
      .filter(({ from }) => from === 'event')
      .map(({ evidence, fate }): Way => ['inDoubt', fate, evidence]),
    ...Object.keys(sentAgainAfter).map((fate): Way => [fate, 'pending', 'another attempt']),
  ],
  'pending',
)}
`
}

type Transitions = Readonly<Record<string, { readonly from: readonly string[]; readonly to: string }>>

function waysOf(transitions: Transitions): readonly Way[] {
  return Object.entries(transitions).flatMap(([name, { from, to }]) => from.map((state): Way => [state, to, name]))
}

type Way = readonly [from: string, to: string, label: string]

function diagram(ways: readonly Way[], first: string): string {
  const lines = ways.map(([from, to, label]) => `  ${from} --> ${to}: ${label}`)
  return ['```mermaid', 'stateDiagram-v2', `  [*] --> ${first}`, ...lines, '```'].join('\n')
}

if (import.meta.main) writeFileSync(new URL('states.md', import.meta.url), statesPage())
