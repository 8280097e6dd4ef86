/** As much of the parser as is used here; it brings no types of its own. */
declare module 'saxen' {
  export class Parser {
    /** Names, and the values of attributes, are as they are written. */
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
    parse(xml: string): this;
  }
}
