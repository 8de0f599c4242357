/** The template holds something that the local stack cannot run; running the rest would silently differ from a deployment. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}
