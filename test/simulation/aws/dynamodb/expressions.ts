/** Expressions as they were parsed; `#names` and `:values` are looked up when one is evaluated. */
export type Path = readonly string[]

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'if-not-exists'; readonly path: Path; readonly otherwise: Operand }

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>='

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly choices: readonly Operand[] }
  | { readonly kind: 'exists'; readonly path: Path; readonly exists: boolean }
  | { readonly kind: 'begins-with'; readonly path: Path; readonly prefix: Operand }

export type Assigned =
  | { readonly kind: 'operand'; readonly operand: Operand }
  | { readonly kind: 'sum'; readonly sign: 1 | -1; readonly left: Operand; readonly right: Operand }

export interface Update {
  readonly set: readonly { readonly path: Path; readonly assigned: Assigned }[]
  readonly remove: readonly Path[]
}

export interface Parsed<Expression> {
  readonly expression: Expression
  /** The `#names` and `:values` it uses: DynamoDB refuses a request that gives others. */
  readonly placeholders: ReadonlySet<string>
}
