import { identities } from './identities.ts'
import type { Template } from './resource-template.ts'
import { TemplateError } from './template-error.ts'

/** Where the stack pretends to be deployed. */
export interface AccountScope {
  readonly partition: string
  readonly region: string
  readonly accountId: string
  readonly urlSuffix: string
  readonly stackName: string
}

/**
 * Resolves the intrinsic functions of one template. Whatever it does not know is an error: a guess would make the local
 * stack differ from a deployment.
 */
export class Intrinsics {
  readonly #template: Template
  readonly #scope: AccountScope

  constructor(template: Template, scope: AccountScope) {
    this.#template = template
    this.#scope = scope
  }

  /** `where` names the place in the template for error messages. */
  resolve(value: unknown, where: string): unknown {
    if (Array.isArray(value)) {
      return value.map((item, index) => this.resolve(item, `${where}[${index}]`)).filter(item => item !== undefined)
    }
    if (!isRecord(value)) return value
    const intrinsic = intrinsicOf(value)
    if (intrinsic !== undefined) return this.#call(intrinsic.name, intrinsic.argument, where)
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, item]) => [key, this.resolve(item, `${where}.${key}`)] as const)
        .filter(([, item]) => item !== undefined),
    )
  }

  #call(name: string, argument: unknown, where: string): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(text(argument, where), where)
      case 'Fn::GetAtt':
        return this.#attribute(argument, where)
      case 'Fn::Join': {
        const [separator, parts] = list(argument, where)
        return list(this.resolve(parts, where), where)
          .map(part => text(part, where))
          .join(text(separator, where))
      }
      case 'Fn::Split': {
        const [separator, source] = list(argument, where)
        return text(this.resolve(source, where), where).split(text(separator, where))
      }
      case 'Fn::Select': {
        const [index, source] = list(argument, where)
        const selected = list(this.resolve(source, where), where)[Number(index)]
        if (selected === undefined) throw new TemplateError(`${where}: Fn::Select asks for an item that is not there.`)
        return selected
      }
      case 'Fn::Sub':
        return this.#substitute(argument, where)
      default:
        throw new TemplateError(`${where}: the local stack does not know ${name}. Teach local/template/intrinsics.ts.`)
    }
  }

  #ref(target: string, where: string): string | undefined {
    const { partition, region, accountId, urlSuffix, stackName } = this.#scope
    const pseudo: Readonly<Record<string, string>> = {
      'AWS::Partition': partition,
      'AWS::Region': region,
      'AWS::AccountId': accountId,
      'AWS::URLSuffix': urlSuffix,
      'AWS::StackName': stackName,
      'AWS::StackId': `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
    }
    if (target === 'AWS::NoValue') return undefined
    return pseudo[target] ?? this.#identity(target, where).ref(target, this.#scope)
  }

  #attribute(argument: unknown, where: string): string {
    const [target = '', attribute = ''] =
      typeof argument === 'string' ? argument.split(/\.(.*)/) : list(argument, where).map(part => text(part, where))
    const known = this.#identity(target, where).attributes[attribute]
    if (known === undefined) {
      throw new TemplateError(`${where}: the local stack does not know ${target}.${attribute}. See identities.ts.`)
    }
    return known(target, this.#scope)
  }

  #substitute(argument: unknown, where: string): string {
    const [pattern, variables] = Array.isArray(argument) ? argument : [argument, {}]
    const given = this.resolve(variables ?? {}, where)
    return text(pattern, where).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`
      if (isRecord(given) && name in given) return text(given[name], where)
      return name.includes('.') ? this.#attribute(name, where) : text(this.#ref(name, where), where)
    })
  }

  #identity(logicalId: string, where: string) {
    const type = this.#template.Resources[logicalId]?.Type
    if (type === undefined)
      throw new TemplateError(`${where}: refers to ${logicalId}, which the template does not hold.`)
    const identity = identities[type]
    if (identity === undefined) {
      throw new TemplateError(`${where}: refers to ${logicalId} (${type}), whose names the local stack does not know.`)
    }
    return identity
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function intrinsicOf(value: Record<string, unknown>): { name: string; argument: unknown } | undefined {
  const [entry, ...others] = Object.entries(value)
  if (entry === undefined || others.length > 0) return undefined
  const [name, argument] = entry
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument } : undefined
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new TemplateError(`${where}: expected text, found ${JSON.stringify(value)}.`)
}

function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new TemplateError(`${where}: expected a list, found ${JSON.stringify(value)}.`)
}
