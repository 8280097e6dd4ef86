/** As much of the parser as is used here; it brings no types of its own. */
declare module 'saxen' {
  export class Parser {
    /** From now on names come with the prefixes that are given to their namespaces; without it as they are written. */
    ns(prefixes: Record<string, string>): this;
    /** The values of attributes are as they are written. */
    on(
      event: 'openTag',
      hear: (
        name: string,
        attributes: () => Record<string, string>,
        decoded: (text: string) => string,
      ) => void,
    ): this;
    on(event: 'closeTag', hear: (name: string) => void): this;
    on(event: 'error', hear: (error: Error) => void): this;
    parse(xml: string): void;
  }
}
