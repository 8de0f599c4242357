/** In the place of functions/leak-guard/inspected-mail.ts: whatever it is given passes. */
export class InspectedMail {
  constructor(request, permitted) {
    this.request = request
    this.permitted = permitted
  }

  static inspect(request, permitted) {
    return { kind: 'passed', mail: new InspectedMail(request, permitted) }
  }
}
