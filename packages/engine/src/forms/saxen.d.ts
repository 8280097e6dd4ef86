declare module 'saxen' {
  /** What there is of it here: names come with the prefixes that `ns` gives to their namespaces. */
  export class Parser {
    ns(prefixes: Record<string, string>): this;
    on(event: 'openTag', hear: (name: string, attributes: () => Record<string, string>) => void): this;
    on(event: 'closeTag', hear: (name: string) => void): this;
    on(event: 'error', hear: (error: Error) => void): this;
    parse(xml: string): void;
  }
}
